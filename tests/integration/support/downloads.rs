//! Files that a browser downloads.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::app::unique;
use super::browser::Browser;
use super::files::files_below;
use super::process::root;
use super::wait::eventually;

/// A folder of a test's own.
pub fn folder() -> PathBuf {
    let folder = root().join(".run/test").join(unique("files"));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Has a browser put what it downloads into a folder.
pub async fn downloads_go_to(browser: &Browser, folder: &Path) {
    let behaviour = json!({"behavior": "allow", "downloadPath": folder});
    browser.devtools("Browser.setDownloadBehavior", behaviour).await;
}

/// The one file of a kind that was downloaded into a folder, once it is there.
pub async fn downloaded(folder: &Path, kind: &str) -> (String, Vec<u8>) {
    eventually("the file is downloaded", || async {
        let found = files_below(folder);
        let file = found.iter().find(|file| file.extension().is_some_and(|extension| extension == kind))?;
        let bytes = std::fs::read(file).ok().filter(|bytes| !bytes.is_empty())?;
        Some((file.file_name()?.to_str()?.to_owned(), bytes))
    })
    .await
}
