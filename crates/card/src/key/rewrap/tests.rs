//! Moving rows: cut off at every step, keys that fail on the way, and rows that do not open.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use async_trait::async_trait;
use domain::{
    Mode,
    id::TenantId,
    key_encryption::{Context, DataKey, KeyEncryption, KeyEncryptionError},
};

use super::*;
use crate::{
    encryption::Keyring,
    key::{
        Origin, ensure,
        ensure::tests::{app, local, top_up},
        envelope,
    },
    store::key,
};

/// A pool key and three tenants' under the app's key, and the app with another key before which that one was.
async fn filled(folder: &tempfile::TempDir) -> (App, [TenantId; 3]) {
    let app = app(folder, std::time::Duration::from_secs(30)).await;
    let tenants = [(); 3].map(|()| TenantId::make(&*app.ids));
    for tenant in tenants {
        top_up(&app).await.unwrap();
        ensure(&app, tenant, Mode::Live, &Origin::default())
            .await
            .unwrap();
    }
    top_up(&app).await.unwrap();
    let old = local(folder, "wrapping.key");
    let keyring = Keyring::new(local(folder, "next.key"), vec![old]);
    (App { keyring, ..app }, tenants)
}

/// With the wrapping key of now alone.
fn afterwards(app: &App, folder: &tempfile::TempDir) -> Keyring {
    let keyring = Keyring::new(local(folder, "next.key"), Vec::new());
    assert_eq!(keyring.current().id(), app.keyring.current().id());
    keyring
}

/// How many rows open with a keyring.
async fn open(app: &App, keyring: &Keyring, tenants: &[TenantId]) -> usize {
    let mut rows = Vec::new();
    let tx = app.store.system_read().await.unwrap();
    let pool = key::oldest_of_pool(&tx, 2048).await.unwrap().unwrap();
    drop(tx);
    rows.push((pool.id, Holder::Pool, pool.wrapped));
    for tenant in tenants {
        let tx = app.store.tenant_read(*tenant).await.unwrap();
        let own = key::active(&tx, Mode::Live).await.unwrap().unwrap();
        rows.push((own.id, Holder::Tenant(*tenant, Mode::Live), own.wrapped));
    }
    let mut count = 0;
    for (key, holder, wrapped) in rows {
        let context = Context { key, holder };
        count += usize::from(envelope::unwrap(keyring, &wrapped, context).await.is_ok());
    }
    count
}

async fn lines(app: &App, tenants: &[TenantId]) -> usize {
    let mut all = audit::list_system(&app.store.system_read().await.unwrap()).await;
    for tenant in tenants {
        let tx = app.store.tenant_read(*tenant).await.unwrap();
        all.extend(audit::list(&tx).await.unwrap());
    }
    all.iter()
        .filter(|(action, _)| action == "key.rewrap")
        .count()
}

#[tokio::test]
async fn cut_off_anywhere_it_goes_on_and_every_row_opens_at_every_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (app, tenants) = filled(&folder).await;
    let after = afterwards(&app, &folder);
    assert_eq!(open(&app, &after, &tenants).await, 0);
    let mut polls = 0;
    let mut moved_before = 0;
    // Each try is cut off later than the one before, where it stands.
    let whole = loop {
        polls += 1;
        let (mut rewrapping, mut left) = (pin!(rewrap(&app, |_| {})), polls);
        let ended = poll_fn(move |cx| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            rewrapping.as_mut().poll(cx).map(Some)
        });
        let ended = ended.await;
        assert_eq!(open(&app, &app.keyring, &tenants).await, 4, "{polls}");
        let moved = open(&app, &after, &tenants).await;
        assert_eq!(lines(&app, &tenants).await, moved, "{polls}");
        assert!(moved >= moved_before, "{polls}");
        moved_before = moved;
        if let Some(ended) = ended {
            break ended.unwrap();
        }
    };
    // How many waits there are is the machine's affair, but there was one at least at which it was cut off.
    assert!(polls > 1, "{polls}");
    assert_eq!((whole.left, whole.refused), (0, 0));
    assert_eq!(open(&app, &after, &tenants).await, 4);
    // Nothing is left to do, and nothing is done twice.
    let again = rewrap(&app, |_| {}).await.unwrap();
    assert_eq!(again, Rewrapped::default());
    assert_eq!(lines(&app, &tenants).await, 4);
    let tx = app.store.system_read().await.unwrap();
    let named = key::wrapping_keys(&tx).await.unwrap();
    assert_eq!(named, [after.current().id()]);
}

/// A wrapping key that is away after so many calls.
struct Failing {
    inner: Arc<dyn KeyEncryption>,
    calls: AtomicU32,
}

#[async_trait]
impl KeyEncryption for Failing {
    fn id(&self) -> &str {
        self.inner.id()
    }

    async fn wrap(&self, key: &DataKey, context: Context) -> Result<Vec<u8>, KeyEncryptionError> {
        if self.calls.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(KeyEncryptionError::Away("throttled".to_owned()));
        }
        self.inner.wrap(key, context).await
    }

    async fn unwrap(
        &self,
        wrapped: &[u8],
        context: Context,
    ) -> Result<DataKey, KeyEncryptionError> {
        self.inner.unwrap(wrapped, context).await
    }
}

#[tokio::test]
async fn a_key_service_that_goes_away_stops_it_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, tenants) = filled(&folder).await;
    let old = local(&folder, "wrapping.key");
    let failing = Failing {
        inner: local(&folder, "next.key"),
        calls: AtomicU32::new(2),
    };
    let stopping = App {
        keyring: Keyring::new(Arc::new(failing), vec![old]),
        ..app.clone()
    };
    let mut far = Rewrapped::default();
    let error = rewrap(&stopping, |now| far = now).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!((far.moved, far.of), (2, 4));
    assert_eq!(open(&app, &app.keyring, &tenants).await, 4);
    let rest = rewrap(&app, |_| {}).await.unwrap();
    assert_eq!((rest.moved, rest.of, rest.left), (2, 2, 0));
}

#[tokio::test]
async fn a_row_that_does_not_open_stays_and_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (app, tenants) = filled(&folder).await;
    let tx = app.store.system_write().await.unwrap();
    let pool = key::oldest_of_pool(&tx, 2048).await.unwrap().unwrap().id;
    key::behind::spoil_data_key(&tx, pool).await;
    tx.commit().await.unwrap();
    let done = rewrap(&app, |_| {}).await.unwrap();
    assert_eq!((done.moved, done.left, done.refused), (3, 1, 1));
    assert_eq!(lines(&app, &tenants).await, 3);
    // Without the key that a row names nothing is moved, and nothing is taken for damaged.
    let blind = App {
        keyring: afterwards(&app, &folder),
        ..app.clone()
    };
    let error = rewrap(&blind, |_| {}).await.unwrap_err();
    assert_eq!(error.code(), "wrapping_key_unusable");
}
