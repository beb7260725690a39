//! The wall between tenants, below HTTP: background work in the name of one tenant finds nothing of another's.

use testkit::TestApp;

/// Security 37: a transaction for tenant A reads none of B's rows, whatever ids it is given.
#[tokio::test]
async fn work_for_one_tenant_finds_nothing_of_another() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let (tenant, licence) = acme.ids().await;
    let till = acme.till().await;
    let key = acme.browser.get("/api/v1/keys").await.items()[0]["id"].clone();
    let key = key.as_str().unwrap().parse().unwrap();
    let (stranger, _) = other.ids().await;
    let all = db::api_key::Query::default();
    let tx = t.app().db.tenant_read(stranger).await.unwrap();
    assert!(db::public_key::get(&tx, key).await.is_err());
    assert!(db::licence::get(&tx, licence).await.is_err());
    assert_eq!(db::api_key::page(&tx, &all, 9).await.unwrap(), []);
    assert_eq!(db::membership::list(&tx).await.unwrap().len(), 1);
    drop(tx);
    let tx = t.app().db.tenant_write(stranger).await.unwrap();
    let id = till.id.parse().unwrap();
    let refused = db::api_key::revoke(&tx, id, t.clock.now()).await;
    assert!(refused.is_err());
    tx.commit().await.unwrap();
    let own = t.app().db.tenant_read(tenant).await.unwrap();
    assert!(db::public_key::get(&own, key).await.is_ok());
    assert_eq!(
        db::api_key::page(&own, &all, 9).await.unwrap()[0].revoked_at,
        None
    );
}
