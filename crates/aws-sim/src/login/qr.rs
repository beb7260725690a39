//! A QR code as inline SVG: one path, black on white in either colour scheme, because scanners expect that.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// The picture, or nothing where a text is too long for one; the text stands beside it in any case.
pub(super) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    // The standard asks for four light modules all around.
    let side = width + 8;
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (index % width + 4, index / width + 4);
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR code of the key\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_path() {
        let picture = svg("otpauth://totp/x");
        assert!(picture.starts_with("<svg class=\"qr\" viewBox=\"0 0 "));
        assert!(
            picture.contains("M4 4h1v1h-1z"),
            "the corner of a finder pattern"
        );
        assert_eq!(svg(&"x".repeat(10_000)), "");
    }
}
