//! Simple pictures of what residents photograph, before and after: drawn, so that no real place or face is shown.

use super::chance::Chance;
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use std::collections::HashMap;
use store::{Blob, Fault, pictures};

/// The space in which scenes are drawn …
const W: i64 = 720;
const H: i64 = 540;
/// … and the picture that comes of it: small, because a demo holds hundreds.
const WIDE: i64 = 480;
const HIGH: i64 = 360;
type Ink = [u8; 3];

const fn scaled(n: i64) -> i64 {
    n * WIDE / W
}

struct Canvas(RgbImage);

impl Canvas {
    fn new(top: Ink, bottom: Ink) -> Self {
        let mix = |a: u8, b: u8, y: u32| {
            let (a, b) = (i64::from(a), i64::from(b));
            u8::try_from(a + (b - a) * i64::from(y) / HIGH).unwrap_or_default()
        };
        let rows: Vec<Rgb<u8>> = (0..HIGH as u32)
            .map(|y| Rgb([mix(top[0], bottom[0], y), mix(top[1], bottom[1], y), mix(top[2], bottom[2], y)]))
            .collect();
        Self(RgbImage::from_fn(WIDE as u32, HIGH as u32, |_, y| rows[y as usize]))
    }

    fn dot(&mut self, x: i64, y: i64, ink: Ink) {
        if (0..WIDE).contains(&x) && (0..HIGH).contains(&y) {
            self.0.put_pixel(x as u32, y as u32, Rgb(ink));
        }
    }

    fn rect(&mut self, x: i64, y: i64, w: i64, h: i64, ink: Ink) {
        for b in scaled(y)..scaled(y + h) {
            for a in scaled(x)..scaled(x + w) {
                self.dot(a, b, ink);
            }
        }
    }

    fn disc(&mut self, x: i64, y: i64, r: i64, ink: Ink) {
        let (x, y, r) = (scaled(x), scaled(y), scaled(r).max(1));
        for b in -r..=r {
            for a in -r..=r {
                if a * a + b * b <= r * r {
                    self.dot(x + a, y + b, ink);
                }
            }
        }
    }

    fn ring(&mut self, x: i64, y: i64, r: i64, thick: i64, ink: Ink) {
        let (x, y, r, thick) = (scaled(x), scaled(y), scaled(r), scaled(thick).max(1));
        for b in -r..=r {
            for a in -r..=r {
                let d = a * a + b * b;
                if d <= r * r && d >= (r - thick) * (r - thick) {
                    self.dot(x + a, y + b, ink);
                }
            }
        }
    }

    fn line(&mut self, from: (i64, i64), to: (i64, i64), thick: i64, ink: Ink) {
        let n = (to.0 - from.0).abs().max((to.1 - from.1).abs()).max(1);
        for i in 0..=n {
            self.disc(from.0 + (to.0 - from.0) * i / n, from.1 + (to.1 - from.1) * i / n, thick / 2, ink);
        }
    }

    /// Light grain, so that it looks taken and not painted.
    fn grain(&mut self, chance: &mut Chance) {
        for pixel in self.0.pixels_mut() {
            let n = chance.range(-2, 3);
            for c in &mut pixel.0 {
                *c = u8::try_from((i64::from(*c) + n).clamp(0, 255)).unwrap_or(*c);
            }
        }
    }

    fn jpeg(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let done = self.0.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 75));
        done.map_err(|e| Fault::other(format!("a demo picture cannot be written: {e}")))?;
        Ok(out)
    }
}

const WALL: (Ink, Ink) = ([214, 205, 190], [176, 166, 150]);
const YARD: (Ink, Ink) = ([182, 208, 226], [128, 134, 130]);
const NIGHT: (Ink, Ink) = ([26, 30, 44], [40, 42, 50]);

fn floor(c: &mut Canvas, ink: Ink) {
    c.rect(0, 400, W, H - 400, ink);
    for x in (0..W).step_by(90) {
        c.line(
            (x, 400),
            (x - 60, H),
            2,
            [ink[0].saturating_sub(18), ink[1].saturating_sub(18), ink[2].saturating_sub(18)],
        );
    }
}

fn bike(c: &mut Canvas, x: i64, y: i64, ink: Ink) {
    c.ring(x, y, 42, 7, [40, 40, 44]);
    c.ring(x + 120, y, 42, 7, [40, 40, 44]);
    c.line((x, y), (x + 50, y - 50), 9, ink);
    c.line((x + 50, y - 50), (x + 120, y), 9, ink);
    c.line((x + 30, y - 60), (x + 95, y - 60), 14, ink);
    c.line((x + 105, y - 90), (x + 120, y), 7, [70, 70, 74]);
}

fn car(c: &mut Canvas, x: i64, y: i64, ink: Ink) {
    c.rect(x, y, 230, 62, ink);
    c.rect(x + 45, y - 48, 130, 50, ink);
    c.rect(x + 58, y - 40, 50, 36, [150, 180, 196]);
    c.rect(x + 116, y - 40, 48, 36, [150, 180, 196]);
    c.disc(x + 52, y + 62, 26, [36, 36, 40]);
    c.disc(x + 180, y + 62, 26, [36, 36, 40]);
}

fn bag(c: &mut Canvas, x: i64, y: i64, ink: Ink) {
    c.disc(x, y, 34, ink);
    c.rect(x - 8, y - 50, 16, 24, ink);
}

fn tree(c: &mut Canvas, x: i64, leaf: Option<Ink>) {
    c.rect(x - 16, 190, 32, 240, [96, 72, 52]);
    for (dx, dy) in [(-90, 120), (80, 100), (-30, 70), (40, 60)] {
        c.line((x, 250), (x + dx, dy + 60), 10, [96, 72, 52]);
    }
    if let Some(ink) = leaf {
        for (dx, dy, r) in [(-70, 150, 70), (60, 140, 76), (0, 100, 84)] {
            c.disc(x + dx, dy, r, ink);
        }
    }
}

/// Draws a scene. `after` is the same place when it is done.
fn draw(scene: &str, after: bool, chance: &mut Chance) -> Canvas {
    let (wall, yard, night) = (WALL, YARD, NIGHT);
    let mut c = match scene {
        "lamp" if !after => Canvas::new(night.0, night.1),
        "lamp" => Canvas::new([250, 236, 196], [200, 184, 150]),
        "bikes" | "door" | "wall" | "hydrant" | "lift" | "pipe" | "paper" => Canvas::new(wall.0, wall.1),
        _ => Canvas::new(yard.0, yard.1),
    };
    match scene {
        "lamp" => {
            let dark = if after { [168, 150, 120] } else { [52, 54, 62] };
            for step in 0..6 {
                c.rect(
                    80 + step * 70,
                    480 - step * 44,
                    560 - step * 70,
                    44,
                    if step % 2 == 0 { dark } else { [dark[0] - 12, dark[1] - 12, dark[2] - 12] },
                );
            }
            c.rect(330, 40, 60, 18, [120, 120, 120]);
            if after {
                c.disc(360, 86, 58, [255, 248, 214]);
            }
            c.disc(360, 84, 30, if after { [255, 255, 240] } else { [70, 72, 78] });
        }
        "bikes" => {
            floor(&mut c, [150, 142, 132]);
            c.rect(520, 120, 130, 280, [120, 94, 70]);
            if after {
                c.rect(60, 470, 420, 10, [214, 180, 40]);
            } else {
                bike(&mut c, 60, 410, [178, 54, 48]);
                bike(&mut c, 210, 430, [46, 84, 150]);
                bike(&mut c, 350, 420, [60, 120, 80]);
                c.rect(470, 330, 90, 80, [170, 138, 96]);
            }
        }
        "water" => {
            c.rect(0, 330, W, H - 330, [120, 118, 112]);
            if after {
                c.rect(240, 400, 220, 90, [96, 96, 92]);
                c.line((0, 360), (W, 360), 3, [235, 235, 225]);
            } else {
                for (x, y, r) in [(200, 460, 120), (330, 450, 150), (480, 470, 110), (380, 500, 130)] {
                    c.disc(x, y, r, [104, 132, 150]);
                }
                for (x, y) in [(260, 440), (410, 470), (350, 430)] {
                    c.ring(x, y, 40, 3, [166, 190, 204]);
                }
            }
        }
        "trash" => {
            floor(&mut c, [140, 140, 134]);
            for (i, ink) in [[38, 110, 64], [44, 88, 150], [160, 52, 44]].into_iter().enumerate() {
                let x = 90 + i as i64 * 170;
                c.rect(x, 250, 120, 170, ink);
                c.rect(x - 8, 236, 136, 20, [ink[0] / 2, ink[1] / 2, ink[2] / 2]);
            }
            if !after {
                for (x, y) in [
                    (120, 220),
                    (180, 230),
                    (300, 215),
                    (480, 226),
                    (230, 450),
                    (330, 470),
                    (560, 440),
                    (620, 470),
                ] {
                    bag(&mut c, x, y, if chance.percent(50) { [30, 30, 34] } else { [206, 206, 200] });
                }
            }
        }
        "car" => {
            floor(&mut c, [112, 114, 116]);
            c.rect(0, 430, W, 14, [226, 196, 54]);
            if !after {
                car(&mut c, 60, 340, [60, 64, 72]);
                car(&mut c, 330, 350, [190, 190, 186]);
            }
            c.rect(620, 160, 12, 240, [120, 120, 124]);
            c.disc(626, 150, 42, [200, 40, 40]);
            c.rect(596, 142, 60, 16, [245, 245, 245]);
        }
        "tree" => {
            c.rect(0, 420, W, H - 420, [110, 140, 84]);
            tree(&mut c, 240, if after { Some([96, 150, 84]) } else { None });
            tree(&mut c, 520, Some([84, 132, 74]));
            if !after {
                c.line((180, 470), (420, 500), 16, [92, 70, 52]);
            }
        }
        "lift" => {
            floor(&mut c, [156, 150, 142]);
            c.rect(220, 90, 280, 320, [168, 172, 176]);
            c.rect(356, 90, 6, 320, [90, 92, 96]);
            c.rect(530, 220, 40, 70, [70, 72, 76]);
            c.disc(550, 240, 10, if after { [80, 220, 110] } else { [220, 70, 60] });
            if !after {
                c.rect(250, 210, 220, 90, [240, 210, 70]);
                c.rect(264, 224, 192, 62, [250, 244, 220]);
            }
        }
        "wire" => {
            for i in 0..6 {
                let sag = if after { 10 } else { 120 + i * 26 };
                let y = 90 + i * 14;
                c.line((0, y), (W / 2, y + sag), 4, [34, 34, 38]);
                c.line((W / 2, y + sag), (W, y), 4, [34, 34, 38]);
            }
            c.rect(90, 60, 16, 480, [110, 96, 80]);
            c.rect(620, 60, 16, 480, [110, 96, 80]);
        }
        "road" => {
            c.rect(0, 300, W, H - 300, [104, 104, 106]);
            if after {
                for x in (0..W).step_by(120) {
                    c.rect(x, 420, 70, 10, [230, 230, 226]);
                }
            } else {
                for (x, y, r) in [(180, 420, 60), (340, 470, 74), (520, 400, 50)] {
                    c.disc(x, y, r, [70, 66, 62]);
                    c.disc(x + 8, y + 6, r - 18, [52, 50, 48]);
                }
            }
        }
        "hydrant" => {
            floor(&mut c, [150, 146, 140]);
            c.rect(240, 130, 240, 280, [178, 36, 34]);
            c.rect(262, 152, 196, 200, [220, 226, 228]);
            c.disc(360, 250, 40, if after { [60, 160, 80] } else { [150, 150, 150] });
        }
        "door" => {
            floor(&mut c, [150, 142, 132]);
            c.rect(250, 70, 230, 340, [110, 84, 60]);
            let open = if after { 0 } else { 70 };
            c.rect(250 + open, 80, 210 - open, 330, [146, 112, 80]);
            c.disc(440, 250, 10, [212, 196, 120]);
        }
        "wall" => {
            for y in (0..H).step_by(54) {
                for x in (0..W).step_by(108) {
                    let shift = if (y / 54) % 2 == 0 { 0 } else { 54 };
                    c.rect(x + shift, y, 102, 48, [192, 170, 146]);
                }
            }
            if !after {
                for (x, y) in [(160, 120), (420, 210), (280, 340), (540, 400)] {
                    c.rect(x, y, 110, 76, [128, 118, 108]);
                }
                c.rect(360, 90, 90, 120, [240, 236, 200]);
            }
        }
        "stall" | "smoke" => {
            floor(&mut c, [128, 126, 122]);
            c.rect(60, 150, 260, 250, [172, 150, 122]);
            c.rect(60, 130, 260, 36, [170, 56, 46]);
            if !after {
                c.rect(370, 300, 200, 110, [150, 120, 84]);
                c.rect(360, 250, 220, 30, [60, 120, 170]);
                for i in 0..4 {
                    c.disc(200 + i * 22, 90 - i * 18, 26 + i * 4, [170, 170, 172]);
                }
            }
        }
        "park" | "dog" | "noise" | "pest" => {
            c.rect(0, 380, W, H - 380, [118, 148, 92]);
            c.rect(180, 330, 320, 22, if after { [140, 100, 62] } else { [104, 84, 66] });
            c.rect(200, 352, 18, 70, [80, 66, 54]);
            c.rect(462, 352, 18, 70, [80, 66, 54]);
            if !after {
                c.rect(300, 318, 70, 40, [118, 148, 92]);
            }
            tree(&mut c, 610, Some([92, 142, 80]));
        }
        _ => {
            c.rect(170, 60, 380, 430, [250, 248, 240]);
            c.rect(170, 60, 380, 70, if after { [52, 120, 84] } else { [160, 60, 48] });
            for i in 0..9 {
                c.rect(200, 160 + i * 34, 320 - (i % 3) * 50, 12, [176, 174, 168]);
            }
        }
    }
    c.grain(chance);
    c
}

/// The photo of the n-th candidate: nobody, drawn. The middle holds all of it, since portraits are shown upright.
///
/// # Errors
/// When it cannot be drawn.
pub(super) fn portrait(n: usize, chance: &mut Chance) -> Result<Blob, Fault> {
    let pick = |inks: &[Ink]| inks.get(n % inks.len().max(1)).copied().unwrap_or([120, 120, 120]);
    let coat = pick(&[[62, 84, 120], [138, 62, 66], [74, 104, 84], [96, 80, 116], [120, 98, 70]]);
    let hair = pick(&[[44, 40, 40], [60, 50, 46], [150, 150, 152], [38, 36, 40]]);
    let skin = pick(&[[232, 196, 168], [222, 184, 154], [240, 206, 180]]);
    let mut c = Canvas::new([206, 220, 230], [170, 190, 204]);
    c.disc(360, 640, 230, coat);
    if n % 2 == 1 {
        // Hair to the shoulders.
        c.disc(360, 250, 128, hair);
        c.rect(236, 250, 248, 130, hair);
    }
    c.rect(322, 320, 76, 90, skin);
    c.disc(360, 200, 112, hair);
    c.disc(360, 250, 98, skin);
    for x in [322, 398] {
        c.disc(x, 240, 9, [50, 44, 42]);
        if n.is_multiple_of(3) {
            c.ring(x, 240, 28, 6, [60, 60, 66]);
        }
    }
    c.line((332, 300), (388, 300), 7, [176, 108, 98]);
    c.grain(chance);
    pictures::take(c.jpeg()?)
}

/// Pictures by scene, taken in once.
#[derive(Default)]
pub(super) struct Album(HashMap<(String, bool), Blob>);

impl Album {
    /// A picture of a scene before or after the work.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub(super) fn get(&mut self, scene: &str, after: bool, chance: &mut Chance) -> Result<Blob, Fault> {
        let key = (scene.to_owned(), after);
        if let Some(blob) = self.0.get(&key) {
            return Ok(blob.clone());
        }
        let blob = pictures::take(draw(scene, after, chance).jpeg()?)?;
        self.0.insert(key, blob.clone());
        Ok(blob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_do_not_look_alike() {
        let mut chance = Chance::new(1);
        let seen: Vec<Vec<u8>> = (0..5).map(|n| portrait(n, &mut chance).unwrap().public).collect();
        assert!((0..5).all(|n| seen[..n].iter().all(|other| *other != seen[n])));
    }

    #[test]
    fn before_and_after_differ_in_every_scene() {
        let mut album = Album::default();
        let mut chance = Chance::new(1);
        for scene in [
            "lamp", "bikes", "water", "trash", "car", "tree", "lift", "wire", "road", "hydrant", "door",
            "wall", "stall", "park", "paper",
        ] {
            let before = album.get(scene, false, &mut chance).unwrap();
            let after = album.get(scene, true, &mut chance).unwrap();
            assert_ne!(before.public, after.public, "{scene}");
            assert_eq!((before.width, before.height), (Some(WIDE), Some(HIGH)));
        }
    }
}
