// Assembles notifications into records, checks their sums, and decodes every field. Usage: parse FILE SIZE
use std::hint::black_box;

/// The value of type $type at an offset of some bytes.
macro_rules! read {
    ($type:ty, $bytes:expr, $at:expr) => {
        <$type>::from_le_bytes($bytes[$at..$at + size_of::<$type>()].try_into().unwrap())
    };
}

// `struct Record` and `fn decode(bytes: &[u8]) -> Record`, made from the rows of the layout.
include!(env!("RECORD"));

const LENGTH: usize = 300;
const HEADER: [u8; 5] = [0x55, 0xaa, 0xeb, 0x90, 0x02];

struct Parser {
    bytes: Vec<u8>,
}

impl Parser {
    /// Takes a notification, and gives the record that it completes.
    fn push(&mut self, piece: &[u8]) -> Option<Record> {
        self.bytes.extend_from_slice(piece);
        while self.bytes.len() >= LENGTH {
            let (frame, sum) = self.bytes[..LENGTH].split_at(LENGTH - 1);
            if frame.starts_with(&HEADER) && frame.iter().fold(0u8, |all, byte| all.wrapping_add(*byte)) == sum[0] {
                let record = decode(frame);
                self.bytes.drain(..LENGTH);
                return Some(record);
            }
            self.bytes.remove(0);
        }
        None
    }
}

extern "C" {
    /// Processor time in microseconds.
    fn clock() -> std::ffi::c_long;
}

fn microseconds() -> i64 {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { clock() }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&args[1]).expect("the file of records can be read");
    let size: usize = args[2].parse().expect("a number of bytes");
    let mut parser = Parser { bytes: Vec::with_capacity(2 * LENGTH) };
    let (mut count, mut volts) = (0, 0.0);
    let start = microseconds();
    while microseconds() - start < 50_000 {
        for frame in bytes.chunks(LENGTH) {
            for piece in frame.chunks(size) {
                if let Some(record) = parser.push(black_box(piece)) {
                    count += 1;
                    volts = black_box(&record).pack_voltage;
                }
            }
        }
    }
    println!("{} {}", (microseconds() - start) as f64 * 1000.0 / count as f64, volts);
}
