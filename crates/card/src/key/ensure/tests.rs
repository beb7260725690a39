//! Assigning from the pool: an empty pool, races, being cut off anywhere, copied rows, and what may be seen of a private key: nothing.

use std::{
    future::poll_fn,
    io,
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use domain::{Ids, RealTime, id::TenantId, key_encryption::KeyEncryption};
use migrations::{MigratorTrait, card::CardMigrator};
use runtime::{
    clock::{BusinessClock, SystemRealTime},
    ids::SystemIds,
};

use super::*;
use crate::{
    app::KeySettings,
    encryption::{Keyring, LocalKeyEncryption, make_wrapping_key},
    key::{KeyItem, Pool, answer, rsa::RsaKey},
    lease,
    store::Store,
};

pub(crate) async fn app(folder: &tempfile::TempDir, wait: Duration) -> App {
    let real: Arc<dyn RealTime> = Arc::new(SystemRealTime);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new(real.clone()));
    let url = format!("sqlite://{}", folder.path().join("card.db").display());
    let store = Store::open(&url).await.unwrap();
    CardMigrator::up(store.for_migrations(), None)
        .await
        .unwrap();
    App {
        store,
        clock: Arc::new(BusinessClock::new(real.clone())),
        real,
        keyring: Keyring::new(local(folder, "wrapping.key"), Vec::new()),
        holder: lease::holder(&*ids),
        ids,
        keys: KeySettings {
            bits: 2048,
            pool_size: 1,
            certificate_days: 30,
            wait,
        },
        pool: Arc::new(Pool::default()),
    }
}

/// A wrapping key in a file of that name, made if there is none.
pub(crate) fn local(folder: &tempfile::TempDir, name: &str) -> Arc<dyn KeyEncryption> {
    let real: Arc<dyn RealTime> = Arc::new(SystemRealTime);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new(real));
    let file = folder.path().join(name);
    make_wrapping_key(&file, &*ids).unwrap();
    Arc::new(LocalKeyEncryption::load(&file, ids).unwrap())
}

/// What the filler does in one turn.
pub(crate) async fn top_up(app: &App) -> Result<bool, Error> {
    let lease = lease::take(app, None).await?.unwrap();
    crate::key::top_up(app, lease).await
}

#[tokio::test]
async fn an_empty_pool_is_waited_for_and_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_millis(50)).await;
    let tenant = TenantId::make(&*app.ids);
    let error = ensure(&app, tenant, Mode::Test, &Origin::default())
        .await
        .err()
        .unwrap();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Unavailable, "key_pool_empty")
    );
    let app = App {
        keys: KeySettings {
            wait: Duration::from_secs(30),
            ..app.keys
        },
        ..app
    };
    let origin = Origin::default();
    let asked = ensure(&app, tenant, Mode::Test, &origin);
    let (asked, made) = tokio::join!(asked, top_up(&app));
    assert!(made.unwrap());
    assert_eq!(asked.unwrap().bits, 2048);
}

#[tokio::test]
async fn one_key_a_tenant_and_mode_each_with_its_audit_row() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    let tenant = TenantId::make(&*app.ids);
    let origin = Origin {
        acting: Some("usr_1".into()),
        request_id: None,
    };
    top_up(&app).await.unwrap();
    let test = ensure(&app, tenant, Mode::Test, &origin).await.unwrap();
    top_up(&app).await.unwrap();
    let live = ensure(&app, tenant, Mode::Live, &origin).await.unwrap();
    assert_ne!(test.id, live.id);
    let again = ensure(&app, tenant, Mode::Test, &origin).await.unwrap();
    assert_eq!(again.id, test.id);
    let tx = app.store.tenant_read(tenant).await.unwrap();
    let rows = audit::list(&tx).await.unwrap();
    let expected = [test.id, live.id].map(|id| ("key.assign".to_owned(), id.to_string()));
    assert_eq!(rows, expected);
}

/// Security 70: and the same against AWS KMS in the walk.
#[tokio::test]
async fn a_row_copied_to_another_tenant_does_not_unwrap() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    let (one, other) = (TenantId::make(&*app.ids), TenantId::make(&*app.ids));
    top_up(&app).await.unwrap();
    let key = ensure(&app, one, Mode::Live, &Origin::default())
        .await
        .unwrap();
    let context = |tenant| Context {
        key: key.id,
        holder: Holder::Tenant(tenant, Mode::Live),
    };
    let encryption = &app.keyring;
    assert!(
        envelope::unwrap(encryption, &key.wrapped, context(one))
            .await
            .is_ok()
    );
    assert!(
        envelope::unwrap(encryption, &key.wrapped, context(other))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_pool_key_is_given_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    top_up(&app).await.unwrap();
    let system = app.store.system_read().await.unwrap();
    let candidate = key::oldest_of_pool(&system, 2048).await.unwrap().unwrap();
    drop(system);
    let (one, other) = (TenantId::make(&*app.ids), TenantId::make(&*app.ids));
    for tenant in [one, other] {
        give(
            &app,
            tenant,
            Mode::Test,
            candidate.clone(),
            &Origin::default(),
        )
        .await
        .unwrap();
    }
    assert!(active(&app, one, Mode::Test).await.unwrap().is_some());
    assert!(active(&app, other, Mode::Test).await.unwrap().is_none());
    // A second key for the same tenant and mode stays in the pool: the index refuses it.
    top_up(&app).await.unwrap();
    let system = app.store.system_read().await.unwrap();
    let candidate = key::oldest_of_pool(&system, 2048).await.unwrap().unwrap();
    drop(system);
    give(&app, one, Mode::Test, candidate, &Origin::default())
        .await
        .unwrap();
    let system = app.store.system_read().await.unwrap();
    assert_eq!(key::pool_size(&system, 2048).await.unwrap(), 1);
}

/// The oldest is tried first: left in the pool, it would keep every tenant from a key.
#[tokio::test]
async fn a_damaged_pool_key_is_taken_out_and_the_next_one_given() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    let app = App {
        keys: KeySettings {
            pool_size: 4,
            ..app.keys
        },
        ..app
    };
    for _ in 0..4 {
        assert!(top_up(&app).await.unwrap());
    }
    let mut damaged = Vec::new();
    for tenant in [TenantId::make(&*app.ids), TenantId::make(&*app.ids)] {
        let tx = app.store.system_write().await.unwrap();
        let oldest = key::oldest_of_pool(&tx, 2048).await.unwrap().unwrap().id;
        match damaged.len() {
            0 => key::behind::spoil_private(&tx, oldest).await,
            _ => key::behind::swap_public(&tx, oldest).await,
        }
        tx.commit().await.unwrap();
        damaged.push(oldest);
        let origin = Origin::default();
        let given = ensure(&app, tenant, Mode::Live, &origin).await.unwrap();
        assert!(!damaged.contains(&given.id));
        let tx = app.store.system_read().await.unwrap();
        assert_eq!(key::behind::state(&tx, oldest).await, "damaged");
        let told = ("key.damage".to_owned(), oldest.to_string());
        assert_eq!(audit::list_system(&tx).await.last(), Some(&told));
    }
    let tx = app.store.system_read().await.unwrap();
    assert_eq!(key::pool_size(&tx, 2048).await.unwrap(), 0);
}

/// Polls the future so many times, then drops it where it stands, as a lost connection or a time-out does.
async fn cut_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(move |cx| {
        let Some(fewer) = left.checked_sub(1) else {
            return Poll::Ready(None);
        };
        left = fewer;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

#[tokio::test]
async fn being_cut_off_anywhere_leaves_one_key_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    let origin = Origin::default();
    top_up(&app).await.unwrap();
    let tenant = TenantId::make(&*app.ids);
    let mut whole = false;
    for polls in 1..500 {
        let asked = ensure(&app, tenant, Mode::Live, &origin);
        whole = cut_after(polls, asked).await.is_some_and(|key| key.is_ok());
        let tx = app.store.tenant_read(tenant).await.unwrap();
        let (keys, entries) = (
            key::list(&tx).await.unwrap(),
            audit::list(&tx).await.unwrap(),
        );
        assert!(keys.len() <= 1, "{polls}");
        assert_eq!(keys.len(), entries.len(), "{polls}");
        if whole {
            break;
        }
    }
    assert!(whole);
}

/// Where the log goes in these tests.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_private_byte_is_in_an_answer_the_log_or_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole test program: a subscriber of one thread would race with the tests beside it for the call sites.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let app = app(&folder, Duration::from_secs(30)).await;
    top_up(&app).await.unwrap();
    let tenant = TenantId::make(&*app.ids);
    let key = ensure(&app, tenant, Mode::Live, &Origin::default())
        .await
        .unwrap();

    let context = Context {
        key: key.id,
        holder: Holder::Tenant(tenant, Mode::Live),
    };
    let private = envelope::unwrap(&app.keyring, &key.wrapped, context)
        .await
        .unwrap();
    let private: RsaKey = private;
    let der = private.pkcs8().unwrap();
    // The last third is primes and exponents alone; what comes before holds the public modulus too.
    let secret = &der.as_ref()[der.as_ref().len() * 2 / 3..];

    let mut seen = log.0.lock().unwrap().clone();
    assert!(String::from_utf8_lossy(&seen).contains("gave a key to a tenant"));
    seen.extend(serde_json::to_vec(&answer(key.clone())).unwrap());
    seen.extend(serde_json::to_vec(&KeyItem::from(key)).unwrap());
    for file in std::fs::read_dir(folder.path()).unwrap() {
        seen.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let contains = |part: &[u8]| seen.windows(part.len()).any(|window| window == part);
    for at in (0..secret.len() - 24).step_by(8) {
        let part = &secret[at..at + 24];
        let decimal: Vec<_> = part[..8].iter().map(ToString::to_string).collect();
        assert!(!contains(&part[..8]));
        assert!(!contains(hex::encode(&part[..8]).as_bytes()));
        assert!(!contains(decimal.join(", ").as_bytes()));
        // Base64 in each of the three ways it may be aligned.
        for shift in 0..3 {
            assert!(!contains(
                STANDARD.encode(&part[shift..shift + 12]).as_bytes()
            ));
        }
    }
    assert!(!contains(b"PRIVATE KEY"));
}
