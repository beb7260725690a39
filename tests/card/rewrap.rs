//! Moving to another wrapping key while the service runs and gives keys away.
#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

use std::sync::Arc;

use card::{
    app::App,
    encryption::{Keyring, LocalKeyEncryption, make_wrapping_key},
    key::{self, Origin, check_wrapping_keys, rewrap},
    store,
};
use domain::{Mode, id::TenantId, key_encryption::KeyEncryption};
use testkit::contract;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::card::{Place, app};

fn local(place: &Place, app: &App, name: &str) -> Arc<dyn KeyEncryption> {
    let file = place.folder.path().join(name);
    make_wrapping_key(&file, &*app.ids).unwrap();
    Arc::new(LocalKeyEncryption::load(&file, app.ids.clone()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_move_while_keys_are_given_and_none_names_the_old_key_afterwards() {
    let place = Place::new();
    let old = app(&place).await;
    let stop = CancellationToken::new();
    let mut filler = JoinSet::new();
    filler.spawn(key::fill(old.clone(), stop.clone()));
    let mut tenants = Vec::new();
    for _ in 0..4 {
        let tenant = TenantId::make(&*old.ids);
        key::ensure(&old, tenant, Mode::Live, &Origin::default())
            .await
            .unwrap();
        tenants.push(tenant);
    }
    stop.cancel();
    while filler.join_next().await.is_some() {}

    // All replicas have both keys now, and wrap by the new one.
    let (before, next) = (
        local(&place, &old, "wrapping.key"),
        local(&place, &old, "next.key"),
    );
    let both = App {
        keyring: Keyring::new(next.clone(), vec![before]),
        ..old
    };
    let stop = CancellationToken::new();
    filler.spawn(key::fill(both.clone(), stop.clone()));
    let mut giving = JoinSet::new();
    {
        let app = both.clone();
        giving.spawn(async move {
            let mut given = Vec::new();
            for _ in 0..4 {
                let tenant = TenantId::make(&*app.ids);
                let origin = Origin::default();
                given.push(tenant);
                key::ensure(&app, tenant, Mode::Live, &origin)
                    .await
                    .unwrap();
            }
            given
        });
    }
    // Two at once: each row is moved by one of them.
    let (one, two) = tokio::join!(rewrap(&both, |_| {}), rewrap(&both, |_| {}));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.left, one.refused, two.left, two.refused), (0, 0, 0, 0));
    tenants.extend(giving.join_all().await.into_iter().flatten());
    stop.cancel();
    while filler.join_next().await.is_some() {}

    let alone = Keyring::new(next, Vec::new());
    check_wrapping_keys(&both.store, &alone).await.unwrap();
    let mut lines = 0;
    for tenant in &tenants {
        let tx = both.store.tenant_read(*tenant).await.unwrap();
        let trail = store::audit::list(&tx).await.unwrap();
        lines += trail
            .iter()
            .filter(|(action, _)| action == "key.rewrap")
            .count();
    }
    assert_eq!(lines, 4, "the four that were given under the old key");
    // What the pool holds opens with the new key alone.
    let after = App {
        keyring: alone,
        ..both
    };
    let tenant = TenantId::make(&*after.ids);
    let stop = CancellationToken::new();
    filler.spawn(key::fill(after.clone(), stop.clone()));
    key::ensure(&after, tenant, Mode::Test, &Origin::default())
        .await
        .unwrap();
    stop.cancel();
    while filler.join_next().await.is_some() {}
}

#[tokio::test]
async fn a_key_file_keeps_the_ports_contract() {
    let place = Place::new();
    let app = app(&place).await;
    let (own, other) = (
        local(&place, &app, "one.key"),
        local(&place, &app, "two.key"),
    );
    contract::key_encryption_contract(&*own, &*app.ids).await;
    contract::other_key_contract(&*own, &*other, &*app.ids).await;
}
