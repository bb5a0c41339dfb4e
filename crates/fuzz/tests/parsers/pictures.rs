//! Photos.

use fuzz::{Target, run};
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use store::{
    Fault,
    pictures::{Redaction, redact, sample, take},
};

/// Most memory of one photo: the picture, its upright and its smaller copies.
const MEMORY: usize = 768;

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// Makes the checks of a PNG's chunks right again, so that damage goes deeper than to them.
fn checked(png: &[u8]) -> Vec<u8> {
    let mut out = png.to_vec();
    let mut at = 8;
    while let Some(length) = out.get(at..at + 4) {
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let (from, to) = (at + 4, (at + 8).saturating_add(length));
        if to.saturating_add(4) > out.len() {
            break;
        }
        let crc = crc32(&out[from..to]);
        out[to..to + 4].copy_from_slice(&crc.to_be_bytes());
        at = to + 4;
    }
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

fn samples() -> Vec<Vec<u8>> {
    let jpeg = sample(40, 24, 30).unwrap();
    let image = image::load_from_memory(&jpeg).unwrap();
    let mut turned = jpeg.clone();
    let tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(tiff.len() + 2).unwrap().to_be_bytes();
    turned.splice(2..2, [&[0xFF, 0xE1][..], &length, tiff].concat());
    vec![
        jpeg,
        turned,
        written(&image, ImageFormat::Png),
        written(&DynamicImage::ImageRgba16(image.to_rgba16()), ImageFormat::Png),
        written(&DynamicImage::ImageLuma8(image.to_luma8()), ImageFormat::Png),
        written(&image, ImageFormat::WebP),
    ]
}

#[test]
fn pictures() {
    let words =
        ["IHDR", "IDAT", "PLTE", "tRNS", "iCCP", "eXIf", "acTL", "VP8 ", "VP8L", "VP8X", "ALPH", "ANMF"];
    let target = Target { name: "pictures", samples: samples(), words: &words, memory: MEMORY };
    run(&target, |input| {
        for bytes in [input.to_vec(), checked(input)] {
            if let Ok(blob) = take(bytes.clone())
                && blob.thumb.is_some()
            {
                image::load_from_memory(&blob.public).expect("the public copy can be opened");
                let all = Redaction { x: 990, y: u32::MAX, w: u32::MAX, h: 1 };
                redact(&bytes, &[all]).expect("what can be opened can be blackened");
            }
        }
    });
}

/// A PNG of even colour: small in the file, large when it is opened.
fn even(width: u32, height: u32) -> Vec<u8> {
    written(&DynamicImage::ImageLuma8(image::GrayImage::new(width, height)), ImageFormat::Png)
}

#[test]
fn giants_in_small_files_are_refused_before_they_are_opened() {
    let _turn = fuzz::turn();
    let mut jpeg = sample(640, 480, 9).unwrap();
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    let mut png = even(64, 64);
    let mut giants = Vec::new();
    for side in [60_000u16, 15_999, 6_000] {
        jpeg[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
        png[16..20].copy_from_slice(&u32::from(side).to_be_bytes());
        png[20..24].copy_from_slice(&u32::from(side).to_be_bytes());
        giants.extend([jpeg.clone(), checked(&png)]);
    }
    for giant in giants {
        assert!(giant.len() < 20_000);
        let before = fuzz::MEMORY.current_usage();
        fuzz::MEMORY.reset_peak_usage();
        assert!(matches!(take(giant), Err(Fault::Refused(r)) if r.code == "ui.photo-broken"));
        let taken = fuzz::MEMORY.peak_usage() - before;
        assert!(taken < 1024 * 1024, "{taken} bytes were taken for what is refused");
    }
    assert!(take(even(3000, 3000)).is_ok(), "an even picture of common size is no giant");
}
