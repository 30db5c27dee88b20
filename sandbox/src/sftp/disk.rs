//! One user's files, in memory.

use std::collections::{BTreeMap, BTreeSet};

/// Folders and files by absolute path.
#[derive(Debug, Default)]
pub(super) struct Disk {
    folders: BTreeSet<String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Disk {
    pub(super) fn with_folder(path: &str) -> Self {
        Self { folders: ["/", path].into_iter().map(str::to_owned).collect(), files: BTreeMap::new() }
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    pub(super) fn read(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) {
        self.files.insert(path.to_owned(), bytes.to_vec());
    }

    /// Makes or empties a file; says whether its folder is there.
    pub(super) fn open(&mut self, path: &str) -> bool {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_there = self.is_folder(if folder.is_empty() { "/" } else { folder });
        if is_there {
            self.files.insert(path.to_owned(), Vec::new());
        }
        is_there
    }

    pub(super) fn write(&mut self, path: &str, offset: usize, bytes: &[u8]) -> bool {
        let Some(file) = self.files.get_mut(path) else { return false };
        let end = offset + bytes.len();
        if file.len() < end {
            file.resize(end, 0);
        }
        file[offset..end].copy_from_slice(bytes);
        true
    }

    pub(super) fn remove(&mut self, path: &str) -> bool {
        self.files.remove(path).is_some()
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> bool {
        self.files.remove(from).map(|bytes| self.files.insert(to.to_owned(), bytes)).is_some()
    }
}
