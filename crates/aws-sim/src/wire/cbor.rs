//! Smithy RPC-v2-CBOR bodies to and from JSON values.
//!
//! Times become epoch seconds on the way in. On the way out the members listed here become tagged times (tag 1), because JSON has no
//! type for them. Byte strings do not occur in the operations served.

use ciborium::Value as Cbor;
use serde_json::{Map, Number, Value};

/// Members that the service models call timestamps.
const TIMESTAMPS: &[&str] = &["ExpirationDate"];

/// Reads a body; the error is a sentence.
pub fn decode(bytes: &[u8]) -> Result<Value, String> {
    let value: Cbor =
        ciborium::from_reader(bytes).map_err(|why| format!("The body is not CBOR: {why}"))?;
    match to_json(value)? {
        Value::Object(members) => Ok(Value::Object(members)),
        _ => Err("The body is not a CBOR map.".into()),
    }
}

/// Writes a body.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = ciborium::into_writer(&to_cbor(value, false), &mut out);
    out
}

fn to_json(value: Cbor) -> Result<Value, String> {
    Ok(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(b) => Value::Bool(b),
        Cbor::Integer(i) => i64::try_from(i)
            .map(Value::from)
            .or_else(|_| u64::try_from(i).map(Value::from))
            .map_err(|_| "A number is out of range.")?,
        Cbor::Float(f) => Number::from_f64(f)
            .map(Value::Number)
            .ok_or("A number is not finite.")?,
        Cbor::Text(text) => Value::String(text),
        Cbor::Array(items) => {
            Value::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?)
        }
        Cbor::Map(pairs) => {
            let mut members = Map::new();
            for (key, item) in pairs {
                let Cbor::Text(key) = key else {
                    return Err("A key is not a text.".into());
                };
                members.insert(key, to_json(item)?);
            }
            Value::Object(members)
        }
        Cbor::Tag(1, inner) => to_json(*inner)?,
        other => return Err(format!("Unexpected CBOR value {other:?}.")),
    })
}

fn to_cbor(value: &Value, timestamp: bool) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(b) => Cbor::Bool(*b),
        Value::Number(n) => {
            let number = n.as_i64().map_or_else(
                || Cbor::Float(n.as_f64().unwrap_or_default()),
                |i| Cbor::Integer(i.into()),
            );
            if timestamp {
                Cbor::Tag(1, Box::new(number))
            } else {
                number
            }
        }
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Array(items) => Cbor::Array(items.iter().map(|i| to_cbor(i, false)).collect()),
        Value::Object(members) => Cbor::Map(
            members
                .iter()
                .map(|(k, v)| {
                    (
                        Cbor::Text(k.clone()),
                        to_cbor(v, TIMESTAMPS.contains(&k.as_str())),
                    )
                })
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn indefinite_maps_are_read_and_times_are_tagged() {
        // {_ "ProductCode": "x", "MaxResults": 1}, as the Rust SDK writes it.
        let sdk = [&b"\xbf\x6bProductCode\x61x\x6aMaxResults\x01\xff"[..]].concat();
        assert_eq!(
            decode(&sdk).unwrap(),
            json!({"ProductCode": "x", "MaxResults": 1})
        );
        let bytes = encode(&json!({"ExpirationDate": 1, "Value": {"IntegerValue": 1}}));
        assert!(bytes.windows(2).any(|w| w == [0xc1, 0x01]), "{bytes:02x?}");
        assert_eq!(
            decode(&bytes).unwrap(),
            json!({"ExpirationDate": 1, "Value": {"IntegerValue": 1}})
        );
        assert!(decode(b"\x01").is_err());
        assert!(decode(b"\xff").is_err());
    }
}
