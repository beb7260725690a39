//! The self-signed certificate that a flow carries: Connect checks its signature under the uploaded public key.
//! Not part of any PKI: no authority, no names, no revocation.

use std::time::Duration;

use domain::{Error, Timestamp, id::KeyId};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyUsagePurpose, date_time_ymd};

use super::rsa::RsaKey;

/// Clocks of other machines may be behind ours.
const BEFORE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// Start and end of a validity that begins about now, to the second, as X.509 keeps it.
pub(super) fn validity(now: Timestamp, days: u32) -> (Timestamp, Timestamp) {
    use chrono::SubsecRound;
    let start = (now - BEFORE).trunc_subsecs(0);
    (start, start + chrono::TimeDelta::days(i64::from(days)))
}

/// The certificate as PEM, signed by the key itself.
pub(super) fn self_signed(
    key: &RsaKey,
    id: KeyId,
    not_before: Timestamp,
    not_after: Timestamp,
) -> Result<String, Error> {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, format!("Payphone {id}"));
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    // What Java's `Cipher.init(…, certificate)` asks of a critical key usage, for data and for keys alike.
    params.key_usages = vec![
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
    ];
    // rcgen's time type, without naming the crate it comes from.
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + since_epoch(not_before)?;
    params.not_after = epoch + since_epoch(not_after)?;
    let certificate = params.self_signed(key).map_err(Error::internal)?;
    Ok(runtime::pem::encode("CERTIFICATE", certificate.der()))
}

fn since_epoch(at: Timestamp) -> Result<Duration, Error> {
    let seconds = u64::try_from(at.timestamp()).map_err(Error::internal)?;
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use x509_parser::{parse_x509_certificate, pem::parse_x509_pem};

    use super::*;

    #[test]
    fn the_certificate_is_the_keys_own_and_says_what_it_is_for() {
        let key = RsaKey::make(2048).unwrap();
        let id = KeyId::from_uuid(uuid::Uuid::from_u128(7));
        let now = chrono::DateTime::from_timestamp_millis(1_795_000_000_123).unwrap();
        let (start, end) = validity(now, 730);
        let pem = self_signed(&key, id, start, end).unwrap();

        let (_, parsed) = parse_x509_pem(pem.as_bytes()).unwrap();
        let (_, certificate) = parse_x509_certificate(&parsed.contents).unwrap();
        let public_pem = key.public_key_pem().unwrap();
        let (_, public) = parse_x509_pem(public_pem.as_bytes()).unwrap();
        assert_eq!(certificate.public_key().raw, public.contents);
        assert_eq!(
            certificate.subject().to_string(),
            format!("CN=Payphone {id}")
        );
        assert_eq!(certificate.subject(), certificate.issuer());
        assert_eq!(
            certificate.validity().not_before.timestamp(),
            now.timestamp() - 300
        );
        assert_eq!(
            certificate.validity().not_after.timestamp(),
            end.timestamp()
        );
        assert_eq!(
            certificate.signature_algorithm.algorithm.to_id_string(),
            "1.2.840.113549.1.1.11"
        );
        let usage = certificate.key_usage().unwrap().unwrap().value;
        assert!(usage.key_encipherment() && usage.data_encipherment());
        assert!(!usage.digital_signature() && !usage.key_cert_sign());

        // RFC 5280, 4.1.1.3: the signature is over the DER of the first part.
        let verifier = aws_lc_rs::signature::UnparsedPublicKey::new(
            &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
            &public.contents,
        );
        let signed = certificate.tbs_certificate.as_ref();
        assert!(
            verifier
                .verify(signed, &certificate.signature_value.data)
                .is_ok()
        );
        assert!(
            verifier
                .verify(b"another", &certificate.signature_value.data)
                .is_err()
        );
    }
}
