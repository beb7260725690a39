//! The statements of one transaction, each within a limit: the server's own time-outs end what is slow, and this what is silent, since
//! a connection that was cut without a word would be waited at until the request's end.

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

/// A little more than the server gives a statement itself, and less than the five seconds a request may take.
const STATEMENT: Duration = Duration::from_millis(4500);
/// Whoever does not know by then looks whether the change lasts, which takes its time as well.
const COMMIT: Duration = Duration::from_secs(2);

/// What runs the statements of a transaction.
#[derive(Debug)]
pub struct Statements(pub(crate) DatabaseTransaction);

impl Statements {
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        if self.is_here() {
            return self.0.commit().await;
        }
        within(COMMIT, self.0.commit()).await
    }

    /// A file of this machine is slow at times, but never silent.
    fn is_here(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Sqlite
    }

    async fn limited<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        if self.is_here() {
            return answer.await;
        }
        within(STATEMENT, answer).await
    }
}

/// The answer, or that it was waited for in vain.
pub(crate) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
    }
}

#[async_trait]
impl ConnectionTrait for Statements {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.limited(self.0.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.limited(self.0.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.limited(self.0.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.limited(self.0.query_all_raw(statement)).await
    }
}
