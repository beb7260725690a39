//! What the mailer's port promises: one mail for one call, word for word, and the truth about what was sent.

use async_trait::async_trait;
use domain::mailer::{Mail, MailError, Mailer};

/// What makes a mail service's surroundings do something.
#[async_trait]
pub trait MailBench: Sync {
    /// Subjects and texts in one mailbox, oldest first.
    async fn mails_to(&self, email: &str) -> Vec<(String, String)>;
    /// The next mail is sent, and the answer is lost.
    async fn loses_the_next_answer(&self);
    /// The next call is throttled.
    async fn throttles_the_next_call(&self);
}

/// One mail for one call; a call that was refused sent none; a call whose answer was lost is not repeated behind the caller's back.
pub async fn mailer_contract(mailer: &dyn Mailer, bench: &dyn MailBench) {
    let email = "zoe@contract.example";
    let mail = Mail {
        to: email.parse().expect("an address"),
        subject: "Invitation – zażółć gęślą jaźń".to_owned(),
        text: "Hello Zoe,\n\nopen <https://payphone.example/?a=b&c=d#e> — soon.\n".to_owned(),
    };
    let expected = (mail.subject.clone(), mail.text.clone());
    let sent = async |count| {
        let mails = bench.mails_to(email).await;
        assert_eq!(mails, vec![expected.clone(); count]);
    };
    sent(0).await;
    mailer.send(&mail).await.expect("sends");
    sent(1).await;
    assert_eq!(bench.mails_to("nobody@contract.example").await, []);

    bench.throttles_the_next_call().await;
    let throttled = mailer.send(&mail).await;
    assert!(
        matches!(throttled, Err(MailError::Busy(_))),
        "{throttled:?}"
    );
    sent(1).await;

    bench.loses_the_next_answer().await;
    let lost = mailer.send(&mail).await;
    assert!(matches!(lost, Err(MailError::Busy(_))), "{lost:?}");
    sent(2).await;
    mailer.send(&mail).await.expect("sends");
    sent(3).await;
}
