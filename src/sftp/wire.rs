//! How SSH and SFTP write things down (RFC 4251, section 5). Reading never panics: what is short is [`Malformed`].

use super::fault::Fault;

/// Bytes that are not what they should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed;

impl From<Malformed> for Fault {
    fn from(_: Malformed) -> Self {
        Self::Protocol("a message is malformed".to_owned())
    }
}

type Read<T> = Result<T, Malformed>;

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn bytes(&mut self, count: usize) -> Read<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| Malformed)
    }

    pub fn u8(&mut self) -> Read<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn bool(&mut self) -> Read<bool> {
        self.u8().map(|byte| byte != 0)
    }

    pub fn u32(&mut self) -> Read<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Read<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn string(&mut self) -> Read<&'a [u8]> {
        let length = self.u32()?;
        self.bytes(usize::try_from(length).map_err(|_| Malformed)?)
    }

    pub fn text(&mut self) -> Read<&'a str> {
        std::str::from_utf8(self.string()?).map_err(|_| Malformed)
    }

    /// A positive number, without leading zeros.
    pub fn number(&mut self) -> Read<&'a [u8]> {
        let bytes = self.string()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Ok(&bytes[zeros..])
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.0
    }
}

/// Writing, at the end of a message.
pub trait Put {
    fn put_u32(&mut self, number: u32);
    fn put_u64(&mut self, number: u64);
    fn put_string(&mut self, bytes: impl AsRef<[u8]>);
    /// A positive number, given in big-endian order.
    fn put_number(&mut self, bytes: &[u8]);
}

impl Put for Vec<u8> {
    fn put_u32(&mut self, number: u32) {
        self.extend(number.to_be_bytes());
    }

    fn put_u64(&mut self, number: u64) {
        self.extend(number.to_be_bytes());
    }

    fn put_string(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.extend_from_slice(bytes);
    }

    fn put_number(&mut self, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = &bytes[zeros..];
        let sign: &[u8] = if bytes.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
        self.put_string([sign, bytes].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_shows() {
        let written = |bytes: &[u8]| {
            let mut message = Vec::new();
            message.put_number(bytes);
            message
        };
        // The examples of RFC 4251.
        assert_eq!(written(&[0]), [0, 0, 0, 0]);
        assert_eq!(written(&[0, 0, 0x80]), [0, 0, 0, 2, 0, 0x80]);
        let number = [0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7];
        assert_eq!(written(&number)[..4], [0, 0, 0, 8]);
        assert_eq!(Reader::new(&written(&[0x80])).number().unwrap(), [0x80]);
    }

    #[test]
    fn what_is_cut_off_is_malformed() {
        let mut message = vec![7];
        message.put_u32(1);
        message.put_u64(2);
        message.put_string("text");
        for length in 0..message.len() {
            let mut reader = Reader::new(&message[..length]);
            let mut all = || -> Read<&str> {
                reader.u8()?;
                reader.u32()?;
                reader.u64()?;
                reader.text()
            };
            assert_eq!(all(), Err(Malformed));
        }
        assert!(Reader::new(&[255, 255, 255, 255, 1]).string().is_err());
        assert!(Reader::new(&[0, 0, 0, 1, 255]).text().is_err());
    }
}
