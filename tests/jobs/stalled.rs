//! a process that was stopped for longer than its leases and wakes up in the middle of something. What it still writes is refused,
//! through every door and in every piece of work, and it causes nothing outside any more.

use std::{collections::HashMap, sync::Arc};

use control::{
    App, Cx, cx::About, inbox, lease::Lease, licence, mail, metering, registration, sweep, user,
};
use domain::{Error, policy::Action};
use testkit::{TestApp, count::count};

use crate::leases::{take, time_is_over};

fn cx(app: &Arc<App>, lease: Lease) -> Cx {
    Cx::system(Arc::clone(app), "work").with_lease(lease)
}

/// Twenty times, or what the long form asks for: `PAYPHONE_STALLED_WORKERS=100`.
#[tokio::test]
async fn a_stalled_workers_late_write_is_refused_at_every_door() {
    let times = count("PAYPHONE_STALLED_WORKERS", 20_i64);
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0;
    let owner = acme.browser.get("/api/v1/account").await.json();
    let owner = owner["id"].as_str().unwrap().parse().unwrap();
    let (a, b) = (t.replica(), t.replica());
    let about = || About::default().detail("a late write");
    let of_a_tenant = async |cx: &Cx| -> Result<(), Error> {
        let tx = cx.write(Action::ProvisionTenant, tenant, about()).await?;
        tx.commit().await
    };
    let of_a_person = async |cx: &Cx| -> Result<(), Error> {
        let tx = cx.write_user(Action::ProvisionUser, owner, about()).await?;
        tx.commit().await
    };
    for _ in 0..times {
        let stalled = cx(&a, take(&a).await.unwrap());
        of_a_tenant(&stalled).await.unwrap();
        of_a_person(&stalled).await.unwrap();
        time_is_over(&t).await;
        let now = cx(&b, take(&b).await.unwrap());
        let before = t.data_version().await;
        for refused in [of_a_tenant(&stalled).await, of_a_person(&stalled).await] {
            assert_eq!(refused.unwrap_err().code(), "lease_lost");
        }
        assert_eq!(t.data_version().await, before);
        of_a_tenant(&now).await.unwrap();
        of_a_person(&now).await.unwrap();
        time_is_over(&t).await;
    }
    let late = "detail = 'a late write'";
    assert_eq!(t.count("audit_log", late).await, 4 * times);
    println!(
        "{} late writes of {times} stalled workers, every one refused",
        2 * times
    );
}

/// The work finds that it is another process's, changes nothing and calls nobody.
async fn is_refused(
    t: &TestApp,
    (a, b): (&Arc<App>, &Arc<App>),
    work: impl AsyncFnOnce(&Cx) -> Result<(), Error>,
) {
    let stalled = cx(a, take(a).await.unwrap());
    time_is_over(t).await;
    take(b).await.unwrap();
    let calls = || {
        let marketplace = t.marketplace.calls();
        let others = (t.card_plane.calls(), t.identity.calls(), t.mailer.calls());
        (marketplace.meter, others)
    };
    let before = (t.data_version().await, calls());
    assert_eq!(work(&stalled).await.unwrap_err().code(), "lease_lost");
    assert_eq!((t.data_version().await, calls()), before);
    time_is_over(t).await;
}

#[tokio::test]
async fn work_of_a_process_whose_time_is_over_changes_nothing_and_calls_nobody() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 2)).await;
    let invited = serde_json::json!({"email": "ben@acme.example", "role": "agent"});
    let invited = acme.browser.post("/api/v1/invitations", &invited).await;
    let _ = invited.expect(201);
    t.clock.advance(chrono::Duration::minutes(70));
    let next = t.buyer("next");
    next.is_confirmed();
    next.registers().await;
    next.completes(&next.email()).await;
    while inbox::receive(&t.cx("inbox")).await.unwrap() > 0 {}

    let (a, b) = (t.replica(), t.replica());
    let both = (&a, &b);
    is_refused(&t, both, inbox::apply_all).await;
    is_refused(&t, both, registration::reconcile_all).await;
    is_refused(&t, both, user::reconcile_all).await;
    is_refused(&t, both, async |cx: &Cx| mail::send_all(cx).await.map(drop)).await;
    is_refused(&t, both, async |cx: &Cx| {
        metering::seal_all(cx).await.map(drop)
    })
    .await;
    metering::seal_all(&t.cx("metering")).await.unwrap();
    is_refused(&t, both, async |cx: &Cx| {
        let mut pace = metering::Pace::new(1_000_000);
        metering::send_all(cx, &mut pace).await.map(drop)
    })
    .await;
    inbox::apply_all(&t.cx("inbox")).await.unwrap();
    is_refused(&t, both, licence::reconcile_pricing).await;
    t.run_until_sent().await;
    t.clock.advance_real(chrono::Duration::days(60));
    is_refused(&t, both, async |cx: &Cx| sweep::sweep(cx).await.map(drop)).await;

    assert!(next.is_ready().await);
    assert_eq!(t.mailer.mails_to("ben@acme.example").len(), 1);
    assert_eq!(acme.records().await[0].3, "accepted");
}

/// In the middle of a batch of mails: the one that is under way may go out twice, which its text bears; the others do not, and the
/// invitation's last mail has the link that opens.
#[tokio::test]
async fn a_mail_batch_ends_with_the_turn() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    t.run_until_quiet().await;
    let before = t.mailer.sent().len();
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    for role in ["developer", "agent", "admin", "developer"] {
        t.clock.advance_real(chrono::Duration::seconds(1));
        let path = format!("/api/v1/users/{id}");
        let request = acme.browser.request(reqwest::Method::PATCH, &path);
        let request = request.json(&serde_json::json!({"role": role}));
        let _ = acme.browser.send(request).await.expect(204);
    }
    t.clock.advance_real(chrono::Duration::seconds(1));
    let cem = t.person("cem@acme.example");
    let invited = serde_json::json!({"email": cem.email, "role": "agent"});
    let invited = acme.browser.post("/api/v1/invitations", &invited).await;
    let _ = invited.expect(201);

    let (a, b) = (t.replica(), t.replica());
    let stalled = cx(&a, take(&a).await.unwrap());
    let gate = t.mailer.holds();
    let takes_over = async {
        gate.arrived().await;
        time_is_over(&t).await;
        let now = cx(&b, take(&b).await.unwrap());
        mail::send_all(&now).await.unwrap();
        gate.open();
    };
    let (late, ()) = tokio::join!(mail::send_all(&stalled), takes_over);
    assert_eq!(late.unwrap_err().code(), "lease_lost");
    let mut times = HashMap::<String, usize>::new();
    for mail in t.mailer.sent().split_off(before) {
        *times.entry(mail.text).or_default() += 1;
    }
    let mut times: Vec<_> = times.into_values().collect();
    times.sort_unstable();
    assert_eq!(times, [1, 1, 1, 1, 2]);
    assert_eq!(t.mailer.mails_to(&cem.email).len(), 1);
    cem.accepts("Cem Caller").await;
    assert_eq!(t.count("jobs", "true").await, 0);
}

/// A process that is cut off from its database, and not from the outside: its calls are slower than its lease, so they are given up, and
/// have no effect after another process has the work.
#[tokio::test]
async fn a_call_that_outlives_its_lease_is_given_up() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let cem = t.person("cem@acme.example");
    cem.is_invited_by(&acme.browser, "agent").await;
    t.run_until_quiet().await;
    let before = t.mailer.mails_to(&ben.email).len();
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{id}");
    let _ = acme.browser.delete(&path).await.expect(204);

    let (a, b) = (t.replica(), t.replica());
    let stalled = cx(&a, take(&a).await.unwrap());
    // Nothing ever opens these.
    let gates = (t.identity.holds(), t.mailer.holds());
    let takes_over = async {
        gates.0.arrived().await;
        gates.1.arrived().await;
        time_is_over(&t).await;
        let now = cx(&b, take(&b).await.unwrap());
        t.clock.advance_real(chrono::Duration::seconds(7));
        user::reconcile_all(&now).await.unwrap();
        mail::send_all(&now).await.unwrap();
    };
    let late = async { tokio::join!(user::reconcile_all(&stalled), mail::send_all(&stalled)) };
    let both = Box::pin(async { tokio::join!(late, takes_over) });
    let bound = control::lease::LASTS * 2;
    let ((users, mails), ()) = tokio::time::timeout(bound, both).await.expect("given up");
    assert_eq!(users.unwrap_err().code(), "lease_lost");
    assert_eq!(mails.unwrap_err().code(), "lease_lost");
    assert!(t.identity.disabled(&ben.email));
    assert_eq!(t.identity.sign_outs(&ben.email), 1);
    t.run_until_quiet().await;
    let told = t.mailer.mails_to(&acme.email());
    let removed = told.iter().filter(|mail| mail.subject.contains("removed"));
    assert_eq!(removed.count(), 1);
    assert_eq!(t.mailer.mails_to(&ben.email).len(), before);
}
