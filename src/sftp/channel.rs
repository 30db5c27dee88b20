//! The one channel of a connection (RFC 4254): SFTP's bytes, in what the server's window lets through.

use super::connection::{Connection, farewell};
use super::fault::Fault;
use super::wire::{Put as _, Reader};

const MSG_CHANNEL_OPEN: u8 = 90;
const MSG_CHANNEL_OPEN_CONFIRMATION: u8 = 91;
const MSG_CHANNEL_OPEN_FAILURE: u8 = 92;
const MSG_CHANNEL_WINDOW_ADJUST: u8 = 93;
const MSG_CHANNEL_DATA: u8 = 94;
const MSG_CHANNEL_EXTENDED_DATA: u8 = 95;
const MSG_CHANNEL_EOF: u8 = 96;
const MSG_CHANNEL_CLOSE: u8 = 97;
const MSG_CHANNEL_REQUEST: u8 = 98;
const MSG_CHANNEL_SUCCESS: u8 = 99;
const MSG_CHANNEL_FAILURE: u8 = 100;

const OURS: u32 = 0;
/// What the server may send before we say that there is room again.
const WINDOW: u32 = 1 << 20;
const LONGEST_PACKET: u32 = 32 * 1024;
/// What is sealed and sent in one go.
const BATCH: usize = 256 * 1024;

/// An open channel.
pub struct Channel {
    connection: Connection,
    theirs: u32,
    /// Bytes the server takes before it says that there is room again, and in one message.
    room: u64,
    longest: usize,
    /// Bytes the server sent since we last made room.
    taken: u32,
    /// What came and was not read.
    input: Vec<u8>,
}

impl Channel {
    /// Opens a channel with SFTP behind it.
    pub async fn open(mut connection: Connection) -> Result<Self, Fault> {
        let mut open = vec![MSG_CHANNEL_OPEN];
        open.put_string("session");
        open.put_u32(OURS);
        open.put_u32(WINDOW);
        open.put_u32(LONGEST_PACKET);
        connection.queue(&[&open])?;
        let answer = connection.next().await?;
        let mut reader = Reader::new(&answer[1..]);
        let mut channel = match answer[0] {
            MSG_CHANNEL_OPEN_CONFIRMATION => {
                reader.u32()?;
                let (theirs, room, longest) = (reader.u32()?, u64::from(reader.u32()?), reader.u32()?);
                let longest = longest.min(LONGEST_PACKET) as usize;
                if longest == 0 {
                    return Err(Fault::Protocol("no room in a packet".to_owned()));
                }
                Self { connection, theirs, room, longest, taken: 0, input: Vec::new() }
            }
            MSG_CHANNEL_OPEN_FAILURE => return Err(Fault::NoSftp),
            _ if farewell(&answer).is_some() => return Err(Fault::Closed),
            kind => return Err(Fault::Protocol(format!("message {kind} for a channel"))),
        };
        let mut request = vec![MSG_CHANNEL_REQUEST];
        request.put_u32(channel.theirs);
        request.put_string("subsystem");
        request.push(1);
        request.put_string("sftp");
        channel.connection.queue(&[&request])?;
        loop {
            let message = channel.connection.next().await?;
            match message[0] {
                MSG_CHANNEL_SUCCESS => return Ok(channel),
                MSG_CHANNEL_FAILURE | MSG_CHANNEL_CLOSE => return Err(Fault::NoSftp),
                _ => channel.take(&message)?,
            }
        }
    }

    /// Who is at the other end.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Sends bytes; waits for room where there is none. They go out with the next [`Self::flush`] at the latest.
    pub async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let most = usize::try_from(self.room).unwrap_or(usize::MAX).min(self.longest);
            if most == 0 {
                self.wait().await?;
                continue;
            }
            let (piece, rest) = bytes.split_at(most.min(bytes.len()));
            let mut head = vec![MSG_CHANNEL_DATA];
            head.put_u32(self.theirs);
            head.put_u32(u32::try_from(piece.len()).unwrap_or(u32::MAX));
            self.connection.queue(&[&head, piece])?;
            self.room -= piece.len() as u64;
            bytes = rest;
            if self.connection.waiting() >= BATCH {
                self.connection.flush().await?;
            }
        }
        Ok(())
    }

    /// Sends what was collected.
    pub async fn flush(&mut self) -> Result<(), Fault> {
        self.connection.flush().await
    }

    /// An SFTP packet without its length, if one has come: `next` for how long a packet may be.
    pub fn packet(&mut self, longest: usize) -> Result<Option<Vec<u8>>, Fault> {
        let Some((head, rest)) = self.input.split_first_chunk() else { return Ok(None) };
        let length = u32::from_be_bytes(*head) as usize;
        if length == 0 || length > longest {
            return Err(Fault::Protocol("an SFTP packet's length is out of range".to_owned()));
        }
        let Some(packet) = rest.get(..length).map(<[u8]>::to_vec) else { return Ok(None) };
        self.input.drain(..4 + length);
        Ok(Some(packet))
    }

    /// Takes in everything that has come already.
    pub async fn look(&mut self) -> Result<(), Fault> {
        while let Some(message) = self.connection.next_if_here().await? {
            self.take(&message)?;
        }
        Ok(())
    }

    /// Waits for anything from the server.
    pub async fn wait(&mut self) -> Result<(), Fault> {
        let message = self.connection.next().await?;
        self.take(&message)
    }

    fn take(&mut self, message: &[u8]) -> Result<(), Fault> {
        let mut reader = Reader::new(&message[1..]);
        match message[0] {
            MSG_CHANNEL_DATA => {
                reader.u32()?;
                let bytes = reader.string()?;
                self.input.extend_from_slice(bytes);
                self.make_room(bytes.len())?;
            }
            MSG_CHANNEL_EXTENDED_DATA => {
                reader.u32()?;
                reader.u32()?;
                self.make_room(reader.string()?.len())?;
            }
            MSG_CHANNEL_WINDOW_ADJUST => {
                reader.u32()?;
                self.room += u64::from(reader.u32()?);
            }
            MSG_CHANNEL_REQUEST => {
                reader.u32()?;
                reader.string()?;
                if reader.bool()? {
                    let mut answer = vec![MSG_CHANNEL_FAILURE];
                    answer.put_u32(self.theirs);
                    self.connection.queue(&[&answer])?;
                }
            }
            MSG_CHANNEL_SUCCESS | MSG_CHANNEL_FAILURE => {}
            MSG_CHANNEL_EOF | MSG_CHANNEL_CLOSE => return Err(Fault::Closed),
            _ if farewell(message).is_some() => return Err(Fault::Closed),
            kind => return Err(Fault::Protocol(format!("message {kind} in a channel"))),
        }
        Ok(())
    }

    fn make_room(&mut self, bytes: usize) -> Result<(), Fault> {
        self.taken = self.taken.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        if self.taken > WINDOW {
            return Err(Fault::Protocol("more than there is room for".to_owned()));
        }
        if self.taken > WINDOW / 2 {
            let mut adjust = vec![MSG_CHANNEL_WINDOW_ADJUST];
            adjust.put_u32(self.theirs);
            adjust.put_u32(self.taken);
            self.connection.queue(&[&adjust])?;
            self.taken = 0;
        }
        Ok(())
    }

    /// Ends it in good order.
    pub async fn close(&mut self) -> Result<(), Fault> {
        let mut close = vec![MSG_CHANNEL_CLOSE];
        close.put_u32(self.theirs);
        self.connection.queue(&[&close])?;
        self.connection.drain().await
    }
}
