//! `?tenant=` on usage and metering records: the operator says whose, a tenant's own credentials may only name their own.

use testkit::TestApp;

const PATHS: [&str; 2] = ["/api/v1/usage", "/api/v1/metering-records"];

#[tokio::test]
async fn the_operator_reads_the_usage_of_the_tenant_it_names() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    acme.till().await.sends(&acme.usage("one", 2)).await;
    let operator = t.operator();
    for path in PATHS {
        for (buyer, items) in [(&acme, 1), (&other, 0)] {
            let (tenant, _) = buyer.ids().await;
            let answer = operator.get(&format!("{path}?tenant={tenant}")).await;
            assert_eq!(answer.expect(200).items().len(), items, "{path}");
        }
        let answer = operator.get(path).await;
        let _ = answer.expect_problem(400, "tenant_needed");
        for unknown in ["ten_0192aaaabbbb7ccc8dddeeeeffff0001", "acme", ""] {
            let answer = operator.get(&format!("{path}?tenant={unknown}")).await;
            let _ = answer.expect_problem(404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_tenant_names_itself_or_nobody() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    let (own, _) = acme.ids().await;
    let (foreign, _) = other.ids().await;
    for path in PATHS {
        for client in [&acme.browser, &till.client] {
            let answer = client.get(&format!("{path}?tenant={own}")).await;
            assert_eq!(answer.expect(200).items().len(), 1, "{path}");
            for tenant in [&*foreign.to_string(), "acme"] {
                let answer = client.get(&format!("{path}?tenant={tenant}")).await;
                let _ = answer.expect_problem(404, "not_found");
            }
        }
        let answer = t.anonymous().get(&format!("{path}?tenant={own}")).await;
        let _ = answer.expect_problem(401, "unauthenticated");
    }
}
