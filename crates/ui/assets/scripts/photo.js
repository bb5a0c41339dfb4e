// @ts-check
/** Shrinks a photo to at most `side` px and encodes it as JPEG: upright, and without EXIF, so without the place where it was taken.
 * What the browser cannot decode (HEIC outside Safari) is returned as it is; the server checks every file again.
 * @param {Blob} file @param {number} [side] @param {number} [quality] @returns {Promise<Blob>} */
export async function shrink(file, side = 1600, quality = 0.72) {
  if (!/^image\/(?!svg|gif)/.test(file.type)) return file;
  const picture = await decode(file);
  if (!picture) return file;
  const k = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * k));
  canvas.height = Math.max(1, Math.round(picture.height * k));
  const pen = canvas.getContext('2d');
  if (!pen) return file;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if ('close' in picture) picture.close();
  const out = await new Promise((/** @type {(b: Blob | null) => void} */ ok) => canvas.toBlob(ok, 'image/jpeg', quality));
  canvas.width = canvas.height = 0; // gives the memory back at once on iOS
  return out || file;
}

/** @param {Blob} file @returns {Promise<ImageBitmap | HTMLImageElement | null>} */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (e) {
    return viaImage(file);
  }
}

/** Old Safari knows no createImageBitmap with options, but turns an <img> upright by itself.
 * @param {Blob} file @returns {Promise<HTMLImageElement | null>} */
function viaImage(file) {
  return new Promise((ok) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => { URL.revokeObjectURL(url); ok(image); };
    image.onerror = () => { URL.revokeObjectURL(url); ok(null); };
    image.src = url;
  });
}
