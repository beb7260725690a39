//! `/internal/v1/keys`: one key pair a tenant and mode, however often and however many ask.

use std::{collections::HashSet, sync::Arc};

use domain::{Mode, key::CONNECT_MAX_PEM};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::card::{Card, Place};

#[tokio::test(flavor = "multi_thread")]
async fn many_askers_at_once_get_one_key_a_tenant_and_mode() {
    let place = Place::new();
    let card = Arc::new(Card::start(&place).await);
    let tenants = [card.tenant(), card.tenant(), card.tenant()];
    let wanted = [
        (tenants[0], Mode::Test),
        (tenants[0], Mode::Live),
        (tenants[1], Mode::Test),
        (tenants[2], Mode::Test),
    ];
    let mut asking = JoinSet::new();
    for (tenant, mode) in wanted {
        for _ in 0..20 {
            let card = card.clone();
            asking.spawn(async move { (tenant, mode, card.ensure(tenant, mode).await.unwrap()) });
        }
    }
    let mut answers = HashSet::new();
    while let Some(answer) = asking.join_next().await {
        let (tenant, mode, key) = answer.unwrap();
        assert_eq!(key.mode, mode);
        answers.insert((tenant, mode, key.id, key.fingerprint));
    }
    assert_eq!(answers.len(), wanted.len());
    let distinct: HashSet<_> = answers
        .iter()
        .map(|(.., fingerprint)| fingerprint)
        .collect();
    assert_eq!(distinct.len(), wanted.len());
    Arc::into_inner(card).unwrap().stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_public_halves_that_connect_takes() {
    let place = Place::new();
    let card = Card::start(&place).await;
    let (tenant, other) = (card.tenant(), card.tenant());
    let key = card.ensure(tenant, Mode::Live).await.unwrap();
    card.ensure(other, Mode::Live).await.unwrap();
    assert!(
        key.public_key_pem
            .starts_with("-----BEGIN PUBLIC KEY-----\n")
    );
    assert!(key.public_key_pem.len() <= CONNECT_MAX_PEM);
    assert!(
        key.certificate_pem
            .starts_with("-----BEGIN CERTIFICATE-----\n")
    );
    assert_eq!(key.fingerprint.len(), "SHA256:".len() + 32 * 3 - 1);
    assert_eq!((key.not_after - key.not_before).num_days(), 730);

    let path = format!("/internal/v1/keys?tenantId={tenant}");
    let list: Value = card.client().get_json(&path, None).await.unwrap();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    let members: Vec<_> = items[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        [
            "bits",
            "certificatePem",
            "fingerprint",
            "id",
            "mode",
            "notAfter",
            "notBefore",
            "publicKeyPem",
            "state"
        ]
    );
    assert_eq!(items[0]["id"], key.id.to_string());
    assert_eq!(list["next"], Value::Null);
    assert!(!list.to_string().contains("PRIVATE"));
    card.stop().await;
}
