//! What a restart keeps, and what keeps a second process or a wrong wrapping key from starting.

use std::sync::Arc;

use card::{
    encryption::{Keyring, LocalKeyEncryption, make_wrapping_key},
    key::check_wrapping_keys,
    store::Store,
};
use domain::Mode;

use testkit::database::on_postgres;

use crate::card::{Card, Place};

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_every_key() {
    let place = Place::new();
    let card = Card::start(&place).await;
    let tenant = card.tenant();
    let before = card.ensure(tenant, Mode::Live).await.unwrap();
    card.stop().await;
    let card = Card::start(&place).await;
    let after = card.ensure(tenant, Mode::Live).await.unwrap();
    assert_eq!(after, before);
    card.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_and_a_wrong_wrapping_key_are_refused() {
    let place = Place::new();
    let card = Card::start(&place).await;
    card.ensure(card.tenant(), Mode::Test).await.unwrap();
    // A file is one process's; PostgreSQL is there for several.
    if !on_postgres() {
        let refusal = Store::open(&place.database.url()).await.err().unwrap();
        let refusal = refusal.to_string();
        assert!(refusal.contains("another process"), "{refusal}");
    }

    let other = place.folder.path().join("other.key");
    make_wrapping_key(&other, &*card.app.ids).unwrap();
    let other = Arc::new(LocalKeyEncryption::load(&other, card.app.ids.clone()).unwrap());
    let other = Keyring::new(other, Vec::new());
    let refusal = check_wrapping_keys(&card.app.store, &other).await;
    let refusal = refusal.unwrap_err().to_string();
    assert!(refusal.contains("put the right one back"), "{refusal}");
    card.stop().await;
}
