//! Taking in what people attach: the bytes decide what it is, not the name; photos are turned upright,
//! shrunk and stripped of metadata for the public copy.

use crate::{Blob, BlobKind, Fault};
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};
use kernel::{Refusal, refusal::RefusalKind};
use serde::{Deserialize, Serialize};
use std::{io::Cursor, sync::LazyLock};
use tokio::sync::Semaphore;

/// Largest attachment, in bytes.
pub const MAX_BYTES: usize = 12 * 1024 * 1024;
/// Longest side of the public copy, in pixels.
const PUBLIC_SIDE: u32 = 1600;
/// Longest side of the copy for lists.
const THUMB_SIDE: u32 = 320;
/// A public copy of so many bytes needs no smaller one.
const LIGHT: usize = 24 * 1024;
/// Longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 16_000;
/// Most bytes that a decoded photo may take.
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// Pixels that any file may hold, however well it is packed.
const ROOMY: u64 = 24_000_000;
/// Pixels beyond that for one byte of the file: an even surface, not a few bytes that declare a giant.
const PIXELS_PER_BYTE: u64 = 500;

/// What the first bytes show.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Option<(BlobKind, &'static str)> {
    let at = |from: usize, what: &[u8]| bytes.get(from..from + what.len()) == Some(what);
    Some(match bytes {
        _ if at(0, b"\xFF\xD8\xFF") => (BlobKind::Photo, "image/jpeg"),
        _ if at(0, b"\x89PNG\r\n\x1a\n") => (BlobKind::Photo, "image/png"),
        _ if at(0, b"RIFF") && at(8, b"WEBP") => (BlobKind::Photo, "image/webp"),
        _ if at(0, b"RIFF") && at(8, b"WAVE") => (BlobKind::Audio, "audio/wav"),
        _ if at(0, b"OggS") => (BlobKind::Audio, "audio/ogg"),
        _ if at(0, b"\x1A\x45\xDF\xA3") => (BlobKind::Audio, "audio/webm"),
        _ if at(0, b"#!AMR") => (BlobKind::Audio, "audio/amr"),
        _ if at(0, b"ID3") || at(0, b"\xFF\xFB") || at(0, b"\xFF\xF3") => (BlobKind::Audio, "audio/mpeg"),
        _ if at(4, b"ftypM4A") || at(4, b"ftypmp42") || at(4, b"ftypisom") => (BlobKind::Audio, "audio/mp4"),
        _ if at(0, b"%PDF-") => (BlobKind::Paper, "application/pdf"),
        _ => return None,
    })
}

fn refuse(code: &'static str) -> Fault {
    Refusal::invalid("photo", code).into()
}

/// Takes in an attachment: checks, turns, shrinks, strips. Heavy: call it where blocking is allowed.
///
/// # Errors
/// `ui.file-too-large`, `ui.file-kind` for what is neither photo nor recording nor PDF, `ui.photo-broken`.
pub fn take(bytes: Vec<u8>) -> Result<Blob, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal {
            field: Some("photo"),
            ..Refusal::new(RefusalKind::TooLarge, "ui.file-too-large")
        }
        .with("max", MAX_BYTES / 1024 / 1024)
        .into());
    }
    let (kind, mime) = sniff(&bytes).ok_or_else(|| refuse("ui.file-kind"))?;
    if kind != BlobKind::Photo {
        return Ok(Blob {
            kind,
            mime,
            width: None,
            height: None,
            taken_at: None,
            public: bytes.clone(),
            original: bytes,
            thumb: None,
        });
    }
    let (upright, turned) = decode(&bytes)?;
    let small = upright.width().max(upright.height()) <= PUBLIC_SIDE;
    // A phone that shrank its photo already has it shown as it is, less what the file says besides the picture.
    let stripped = if mime == "image/jpeg" && small && !turned { strip(&bytes) } else { None };
    let public = match stripped {
        Some(public) => public,
        None => encode(&shrink(&upright, PUBLIC_SIDE), 80)?,
    };
    // What is as light as a copy for lists is its own.
    let thumb = match public.len() {
        ..=LIGHT => None,
        _ => Some(encode(&upright.thumbnail(THUMB_SIDE, THUMB_SIDE), 70)?),
    };
    Ok(Blob {
        kind,
        mime: "image/jpeg",
        width: Some(i64::from(upright.width())),
        height: Some(i64::from(upright.height())),
        taken_at: None,
        original: bytes,
        public,
        thumb,
    })
}

/// As [`take`], off the async threads and not more at a time than there are cores: an open photo takes much memory.
///
/// # Errors
/// As [`take`].
pub async fn take_in(bytes: Vec<u8>) -> Result<Blob, Fault> {
    static TABLES: LazyLock<Semaphore> =
        LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));
    let _place = TABLES.acquire().await.map_err(|e| Fault::other(e.to_string()))?;
    tokio::task::spawn_blocking(move || take(bytes)).await.map_err(|e| Fault::other(e.to_string()))?
}

/// A JPEG (ITU-T T.81, annex B) without anything but the picture: no EXIF, no place, no comment, no other picture and
/// nothing behind its end. `None` for what is not laid out as the standard says.
fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    const SOS: u8 = 0xDA;
    const EOI: u8 = 0xD9;
    // Tables, frames and scans; Adobe's segment (APP14) says how the colours are written.
    let picture = |m: u8| matches!(m, 0xC0..=0xCF | 0xDA..=0xDD | 0xEE);
    let mut out = bytes.get(..2).filter(|b| *b == [0xFF, 0xD8])?.to_vec();
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        while *bytes.get(at)? == 0xFF {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        if marker == EOI {
            out.extend_from_slice(&[0xFF, EOI]);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let mut end = at + length;
        if marker == SOS {
            // The scan goes on to the next marker; a zero or a restart behind FF is part of it.
            while *bytes.get(end)? != 0xFF || matches!(*bytes.get(end + 1)?, 0x00 | 0xD0..=0xD7 | 0xFF) {
                end += 1;
            }
        }
        let segment = bytes.get(at..end)?;
        if picture(marker) {
            out.extend_from_slice(&[0xFF, marker]);
            out.extend_from_slice(segment);
        }
        at = end;
    }
}

/// The picture, upright, and whether it had to be turned.
fn decode(bytes: &[u8]) -> Result<(DynamicImage, bool), Fault> {
    let broken = |_| refuse("ui.photo-broken");
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| refuse("ui.photo-broken"))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    // The limits hold for what a decoder takes besides; the picture itself is made by us.
    let (width, height) = decoder.dimensions();
    let most = ROOMY.max(bytes.len() as u64 * PIXELS_PER_BYTE);
    if decoder.total_bytes() > MAX_DECODED || u64::from(width) * u64::from(height) > most {
        return Err(refuse("ui.photo-broken"));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(orientation);
    Ok((image, orientation != Orientation::NoTransforms))
}

fn shrink(image: &DynamicImage, side: u32) -> DynamicImage {
    if image.width().max(image.height()) <= side {
        return image.clone();
    }
    image.resize(side, side, FilterType::Triangle)
}

fn encode(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    image
        .to_rgb8()
        .write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality))
        .map_err(|e| Fault::other(format!("a photo cannot be written: {e}")))?;
    Ok(out)
}

/// A box to black out, in thousandths of width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

/// Blackens boxes in a photo (its original or public copy) and gives new public and small copies.
///
/// # Errors
/// `ui.photo-broken` when the bytes are no photo.
pub fn redact(bytes: &[u8], boxes: &[Redaction]) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let mut image = shrink(&decode(bytes)?.0, PUBLIC_SIDE).to_rgb8();
    let (width, height) = image.dimensions();
    let scale = |part: u32, whole: u32| (u64::from(part.min(1000)) * u64::from(whole) / 1000) as u32;
    for b in boxes {
        let (left, top) = (scale(b.x, width), scale(b.y, height));
        let (right, bottom) = (scale(b.x.saturating_add(b.w), width), scale(b.y.saturating_add(b.h), height));
        for y in top..bottom {
            for x in left..right {
                image.put_pixel(x, y, image::Rgb([24, 24, 24]));
            }
        }
    }
    let image = DynamicImage::ImageRgb8(image);
    Ok((encode(&image, 80)?, encode(&shrink(&image, THUMB_SIDE), 70)?))
}

/// A plain picture for demos and tests: colour bands with a frame, as JPEG.
///
/// # Errors
/// When it cannot be encoded.
pub fn sample(width: u32, height: u32, hue: u8) -> Result<Vec<u8>, Fault> {
    let image = image::RgbImage::from_fn(width.max(8), height.max(8), |x, y| {
        let band = u8::try_from((x * 6 / width.max(8)) * 24 + (y * 4 / height.max(8)) * 16).unwrap_or(255);
        image::Rgb([hue.wrapping_add(band), 200u8.wrapping_sub(band / 2), 120u8.wrapping_add(hue / 3)])
    });
    encode(&DynamicImage::ImageRgb8(image), 75)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_not_the_name() {
        assert!(
            matches!(take(b"<script>alert(1)</script>".to_vec()), Err(Fault::Refused(r)) if r.code == "ui.file-kind")
        );
        assert!(
            matches!(take(b"\xFF\xD8\xFFnot really".to_vec()), Err(Fault::Refused(r)) if r.code == "ui.photo-broken")
        );
        assert!(
            matches!(take(vec![0; MAX_BYTES + 1]), Err(Fault::Refused(r)) if r.code == "ui.file-too-large")
        );
    }

    #[test]
    fn photos_are_shrunk_and_stripped() {
        let mut with_exif = sample(2400, 1200, 10).unwrap();
        // An EXIF segment with orientation 6 (turn right) and a maker note that must not survive.
        let tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRET-GPS";
        let mut segment = vec![0xFF, 0xE1];
        segment.extend_from_slice(&u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
        segment.extend_from_slice(tiff);
        with_exif.splice(2..2, segment);
        let blob = take(with_exif).unwrap();
        assert_eq!((blob.width, blob.height), (Some(1200), Some(2400)), "turned upright");
        assert!(!blob.public.windows(6).any(|w| w == b"SECRET"), "metadata gone");
        let public = image::load_from_memory(&blob.public).unwrap();
        assert_eq!((public.width(), public.height()), (800, 1600));
        assert!(blob.original.windows(6).any(|w| w == b"SECRET"), "the original is kept");
    }

    #[test]
    fn a_small_photo_keeps_its_picture_and_nothing_else() {
        let plain = sample(640, 480, 40).unwrap();
        let mut told = plain.clone();
        for (marker, text) in
            [(0xE1, "Exif\0\0SECRET-GPS"), (0xED, "Photoshop SECRET"), (0xFE, "SECRET comment")]
        {
            let mut segment = vec![0xFF, marker];
            segment.extend_from_slice(&u16::try_from(text.len() + 2).unwrap().to_be_bytes());
            segment.extend_from_slice(text.as_bytes());
            told.splice(2..2, segment);
        }
        told.extend_from_slice(b"SECRET behind the end");
        let blob = take(told).unwrap();
        assert!(!blob.public.windows(6).any(|w| w == b"SECRET"), "nothing but the picture");
        let (before, after) =
            (image::load_from_memory(&plain).unwrap(), image::load_from_memory(&blob.public).unwrap());
        assert_eq!(before.to_rgb8().as_raw(), after.to_rgb8().as_raw(), "the picture itself, unchanged");
        assert!(blob.thumb.is_none(), "it is light enough for lists");
    }

    #[test]
    fn a_heavy_photo_has_a_copy_for_lists() {
        let rough = image::RgbImage::from_fn(640, 480, |x, y| {
            let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_be_bytes();
            image::Rgb([grain[0], grain[1], grain[2]])
        });
        let blob = take(encode(&DynamicImage::ImageRgb8(rough), 80).unwrap()).unwrap();
        assert!(blob.public.len() > LIGHT);
        let thumb = image::load_from_memory(&blob.thumb.unwrap()).unwrap();
        assert_eq!((thumb.width(), thumb.height()), (320, 240));
    }

    #[test]
    fn redaction_blackens_only_the_boxes() {
        let photo = sample(400, 400, 90).unwrap();
        let (public, _) = redact(&photo, &[Redaction { x: 0, y: 0, w: 500, h: 500 }]).unwrap();
        let image = image::load_from_memory(&public).unwrap().to_rgb8();
        assert!(image.get_pixel(100, 100).0.iter().all(|c| *c < 60));
        assert!(image.get_pixel(300, 300).0.iter().any(|c| *c > 60));
    }
}
