//! Pages, absent members and values of `GetEntitlements`, in the CBOR that the real SDK client speaks.

use ciborium::{Value, cbor};
use domain::marketplace::Marketplace;

use super::*;
use crate::{
    AwsMarketplace,
    test_server::{Answer, Received, TestServer},
};

const LICENSE: &str =
    "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef";

fn page(status: u16, body: &Value) -> Answer {
    let mut bytes = Vec::new();
    ciborium::into_writer(body, &mut bytes).unwrap();
    Answer::Http(status, "application/cbor", bytes)
}

fn decoded(request: &Received) -> serde_json::Value {
    ciborium::from_reader(request.body.as_slice()).unwrap()
}

async fn read(server: &TestServer) -> Result<Vec<Entitlement>, EntitlementError> {
    AwsMarketplace::new(&server.config())
        .get_entitlements("product-1", &LICENSE.parse().unwrap())
        .await
}

#[tokio::test]
async fn pages_are_read_to_the_end_even_past_an_empty_one() {
    let until = Value::Tag(1, Box::new(Value::Float(1_798_761_600.5)));
    let server = TestServer::answering(vec![
        page(200, &cbor!({"Entitlements" => [
            {"Dimension" => "seats", "LicenseArn" => LICENSE, "Value" => {"IntegerValue" => 25}, "ExpirationDate" => until},
            {"Dimension" => "ratio", "Value" => {"DoubleValue" => 2.5}},
        ], "NextToken" => "two"}).unwrap()),
        page(200, &cbor!({"Entitlements" => [], "NextToken" => "three"}).unwrap()),
        page(200, &cbor!({"NextToken" => "four"}).unwrap()),
        page(200, &cbor!({"Entitlements" => [
            {"Dimension" => "support", "Value" => {"BooleanValue" => true}},
            {"Dimension" => "tier", "Value" => {"StringValue" => "Gold"}},
            {"Dimension" => "bare"},
            {"Value" => {"IntegerValue" => 1}},
            {"Dimension" => "theirs", "LicenseArn" => "arn:aws:license-manager::1:license:l-ffff"},
        ], "NextToken" => ""}).unwrap()),
    ]);
    let found = read(&server).await.unwrap();
    let seen: Vec<(&str, &str)> = found
        .iter()
        .map(|e| (e.dimension.as_str(), e.value.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("seats", "25"),
            ("ratio", "2.5"),
            ("support", "true"),
            ("tier", "Gold"),
            ("bare", "")
        ]
    );
    let until = found[0].expires_at.map(domain::time::rfc3339);
    assert_eq!(until.as_deref(), Some("2027-01-01T00:00:00.500Z"));

    let requests = server.received();
    assert_eq!(requests.len(), 4);
    assert_eq!(
        decoded(&requests[0]),
        serde_json::json!({"ProductCode": "product-1", "Filter": {"LICENSE_ARN": [LICENSE]}})
    );
    assert_eq!(decoded(&requests[3])["NextToken"], "four");
    for request in &requests {
        // Metering is set up for eu-central-1 here; this service is asked in us-east-1 all the same.
        assert!(request.scope().contains(&"us-east-1"));
        assert!(request.is_signed());
        assert_eq!(request.header("smithy-protocol"), Some("rpc-v2-cbor"));
        assert!(request.path.ends_with("/operation/GetEntitlements"));
    }
}

#[tokio::test]
async fn no_entitlements_are_an_answer() {
    for body in [cbor!({}).unwrap(), cbor!({"Entitlements" => []}).unwrap()] {
        let server = TestServer::answering(vec![page(200, &body)]);
        assert_eq!(read(&server).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_endless_list_ends() {
    let server = TestServer::answering(vec![page(200, &cbor!({"NextToken" => "again"}).unwrap())]);
    assert!(matches!(
        read(&server).await,
        Err(EntitlementError::Busy(_))
    ));
    assert_eq!(server.received().len(), MAX_PAGES);
}

#[tokio::test]
async fn every_error_has_its_meaning() {
    for (status, code, attempts, busy) in [
        (400, "ThrottlingException", 3, true),
        (500, "InternalServiceErrorException", 3, true),
        (400, "InvalidParameterException", 1, false),
        (400, "AccessDeniedException", 1, false),
    ] {
        let kind = format!("com.amazonaws.marketplaceentitlementservice#{code}");
        let body = cbor!({"__type" => kind, "message" => "no"}).unwrap();
        let server = TestServer::answering(vec![page(status, &body)]);
        let error = read(&server).await.unwrap_err();
        assert_eq!(matches!(error, EntitlementError::Busy(_)), busy, "{code}");
        let text = format!("{code} (HTTP {status}, request req-1)");
        assert!(error.to_string().ends_with(&text), "{error}");
        assert_eq!(server.received().len(), attempts, "{code}");
    }
}
