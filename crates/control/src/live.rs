//! Who follows what, in this process: every open page has a watch, and one look a second at the database tells all of them what changed.
//! Nothing is handed from process to process: each looks for itself, so another replica's change is seen as soon as one's own.
//! Invariant: a watch ends when its session does, when the person's role changes, and when they look at another tenant.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    Error, ErrorKind,
    hour::Hour,
    id::{SessionId, TenantId, UserId},
    live::{Marks, Topic},
    policy,
    role::Role,
};
use tokio::sync::watch;

use crate::{Cx, cx::About};

/// How many watches one session has: a browser that speaks HTTP/1.1 opens no more than six connections.
pub const PER_SESSION: usize = 6;
/// How many this process has: half of the connections it takes (`runtime::serve`).
pub const IN_ALL: usize = 2_048;
/// How far back usage counts, in hours: as far as the tiles of the usage page.
const BACK: i64 = 7 * 24;

/// Every watch of this process.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Mutex<Watches>>);

#[derive(Debug, Default)]
struct Watches {
    next: u64,
    all: BTreeMap<u64, (Who, watch::Sender<Marks>)>,
}

/// Who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Who {
    tenant: TenantId,
    session: SessionId,
    user: UserId,
    role: Role,
}

impl Live {
    /// A lock that somebody panicked with is as good as before: every change of the map is one call.
    fn lock(&self) -> MutexGuard<'_, Watches> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many watches there are.
    pub fn count(&self) -> usize {
        self.lock().all.len()
    }

    fn add(&self, who: Who, marks: Marks) -> Result<Watch, Error> {
        let mut watches = self.lock();
        let own = watches
            .all
            .values()
            .filter(|(other, _)| other.session == who.session);
        if own.count() >= PER_SESSION {
            return Err(too_many(
                "Too many pages of this session are open. Close one of them.",
            ));
        }
        if watches.all.len() >= IN_ALL {
            return Err(too_many(
                "Too many pages are open. They are as before, and do not follow what changes.",
            ));
        }
        let (sender, mut marks) = watch::channel(marks);
        // The first marks are news too.
        marks.mark_changed();
        let id = watches.next;
        watches.next += 1;
        watches.all.insert(id, (who, sender));
        drop(watches);
        Ok(Watch {
            id,
            live: self.clone(),
            marks,
            topics: Vec::new(),
        })
    }

    fn everybody(&self) -> Vec<Who> {
        self.lock().all.values().map(|(who, _)| *who).collect()
    }

    /// Tells every watch its marks; `None` ends it.
    fn tell(&self, marks: impl Fn(&Who) -> Option<Marks>) {
        self.lock().all.retain(|_, (who, sender)| {
            let Some(marks) = marks(who) else {
                return false;
            };
            sender.send_if_modified(|known| std::mem::replace(known, marks) != marks);
            true
        });
    }
}

fn too_many(words: &'static str) -> Error {
    Error::new(ErrorKind::TooMany, "too_many_streams", words)
}

/// One page's watch; dropping it ends it.
#[derive(Debug)]
pub struct Watch {
    id: u64,
    live: Live,
    marks: watch::Receiver<Marks>,
    topics: Vec<Topic>,
}

impl Watch {
    /// What may be followed.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The marks, at once and whenever one of them is another; none when it is over.
    pub async fn next(&mut self) -> Option<Marks> {
        self.marks.changed().await.ok()?;
        Some(*self.marks.borrow_and_update())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.live.lock().all.remove(&self.id);
    }
}

/// Follows whatever the person may see of the tenant they look at.
///
/// # Errors
/// Unauthenticated for nobody; `people_only` (403) for who is no member; forbidden for who may follow nothing; `too_many_streams` (429).
pub async fn follow(cx: &Cx) -> Result<Watch, Error> {
    let tenant = cx.own_tenant()?;
    let person = cx.actor().person();
    let Some((person, role)) = person.and_then(|person| Some((person, person.membership?.1)))
    else {
        let error = Error::new(
            ErrorKind::Forbidden,
            "people_only",
            "This stream is for people who look at a page. Ask /api/v1/setup and /api/v1/usage instead.",
        );
        return Err(cx
            .refused(Topic::Setup.action(), About::default(), error)
            .await);
    };
    let may =
        |topic: &Topic| policy::permit(cx.actor(), topic.action(), tenant, cx.real_now()).is_ok();
    let topics: Vec<Topic> = Topic::ALL.into_iter().filter(may).collect();
    let action = topics.first().copied().unwrap_or(Topic::Setup).action();
    let who = Who {
        tenant,
        session: person.session,
        user: person.user,
        role,
    };
    let tx = cx.read(action, tenant).await?;
    let marks = db::live::marks(&tx, &[tenant], since(cx)).await?;
    drop(tx);
    let mut watch = cx
        .app()
        .live
        .add(who, marks.get(&tenant).copied().unwrap_or_default())?;
    watch.topics = topics;
    Ok(watch)
}

/// The topic's mark, for a page to begin with. To be asked for before what the page shows: what changes in between is then seen.
pub async fn mark(cx: &Cx, tenant: TenantId, topic: Topic) -> Result<String, Error> {
    let tx = cx.read(topic.action(), tenant).await?;
    let marks = db::live::marks(&tx, &[tenant], since(cx)).await?;
    Ok(marks.get(&tenant).copied().unwrap_or_default().text(topic))
}

fn since(cx: &Cx) -> Hour {
    Hour::from_number(Hour::containing(cx.now()).number() - BACK)
}

/// Looks once for everybody who watches; asks nothing while nobody does.
pub async fn look(cx: &Cx) -> Result<(), Error> {
    let live = &cx.app().live;
    let everybody = live.everybody();
    if everybody.is_empty() {
        return Ok(());
    }
    let now = cx.real_now();
    let tenants: Vec<TenantId> = distinct(&everybody, |who| who.tenant);
    let tx = cx.app().db.system_read().await?;
    let marks = db::live::marks(&tx, &tenants, since(cx)).await?;
    let sessions = db::session::open_of(&tx, &distinct(&everybody, |who| who.session)).await?;
    let roles = db::membership::roles_of(&tx, &distinct(&everybody, |who| who.user)).await?;
    drop(tx);
    let looks_at: BTreeMap<SessionId, Option<TenantId>> = sessions
        .into_iter()
        .filter(|session| session.is_live(now))
        .map(|session| (session.id, session.tenant))
        .collect();
    live.tell(|who| {
        let looks = looks_at.get(&who.session) == Some(&Some(who.tenant));
        let is_same = roles.get(&(who.tenant, who.user)) == Some(&who.role);
        marks.get(&who.tenant).copied().filter(|_| looks && is_same)
    });
    Ok(())
}

fn distinct<T: Ord>(everybody: &[Who], of: impl Fn(&Who) -> T) -> Vec<T> {
    let all: BTreeSet<T> = everybody.iter().map(of).collect();
    all.into_iter().collect()
}
