//! AES-256-GCM over a few kilobytes, bound to a context.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::{
    Ids,
    key_encryption::{Context, KeyEncryptionError},
};
use zeroize::Zeroizing;

/// First byte of everything sealed here, so that another form can follow.
const FORM: u8 = 1;

/// The authenticated text; the zero bytes keep the parts apart, since no part can hold one.
pub(crate) fn text(purpose: &str, context: Context) -> Vec<u8> {
    let Context { key, holder } = context;
    format!("{purpose}\0{key}\0{holder}").into_bytes()
}

/// AES-256-GCM: form, nonce, ciphertext and tag. Nonces are random: no key here seals anywhere near 2^32 times (SP 800-38D, 8.3).
pub(crate) fn seal(
    key: &[u8; 32],
    plain: &[u8],
    context: &[u8],
    ids: &dyn Ids,
) -> Result<Vec<u8>, KeyEncryptionError> {
    let mut nonce = [0; NONCE_LEN];
    ids.fill(&mut nonce);
    let mut buffer = Zeroizing::new(plain.to_vec());
    let tag = cipher(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context),
            &mut buffer,
        )
        .map_err(|_| KeyEncryptionError::Refused)?;
    Ok([&[FORM], &nonce[..], &buffer, tag.as_ref()].concat())
}

/// The reverse; a changed byte anywhere, or another context, is refused.
pub(crate) fn open(
    key: &[u8; 32],
    sealed: &[u8],
    context: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyEncryptionError> {
    let refused = KeyEncryptionError::Refused;
    let Some((&FORM, rest)) = sealed.split_first() else {
        return Err(refused);
    };
    let Some((nonce, rest)) = rest.split_first_chunk::<NONCE_LEN>() else {
        return Err(refused);
    };
    let mut buffer = Zeroizing::new(rest.to_vec());
    let length = cipher(key)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(context),
            &mut buffer,
        )
        .map_err(|_| KeyEncryptionError::Refused)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, KeyEncryptionError> {
    UnboundKey::new(&AES_256_GCM, key)
        .map(LessSafeKey::new)
        .map_err(|_| KeyEncryptionError::Refused)
}
