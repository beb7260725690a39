//! PEM as RFC 7468 writes it: DER in base64, 64 characters a line, between a begin and an end.
//! Writing only; whoever reads PEM has a parser for what is inside.

use base64::{Engine, engine::general_purpose::STANDARD};

/// `der` under `label`, such as `PUBLIC KEY`.
pub fn encode(label: &str, der: &[u8]) -> String {
    // 48 bytes make one line of 64 characters.
    let lines: String = der
        .chunks(48)
        .map(|line| STANDARD.encode(line) + "\n")
        .collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_64_characters_and_the_last_is_the_rest() {
        let pem = encode("X", &[0u8; 97]);
        let lengths: Vec<_> = pem.lines().map(str::len).collect();
        assert_eq!(lengths, [17, 64, 64, 4, 15]);
        assert!(pem.ends_with("-----END X-----\n"));
    }
}
