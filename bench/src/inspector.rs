//! V8's own account of its heap, asked over workerd's inspector.

use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Outcome;
use crate::workerd::Workerd;

/// The service of the configuration that the Worker is.
const SERVICE: &str = "main";
const PATIENCE: Duration = Duration::from_secs(20);
/// A question does not always wake a workerd that has nothing else to do; a request does.
const WAKE_AFTER: Duration = Duration::from_millis(500);

/// A connection to the inspector of a Worker.
pub(crate) struct Inspector<'w> {
    worker: &'w Workerd,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    asked: u64,
}

impl<'w> Inspector<'w> {
    /// Connects as soon as the inspector of `worker` listens on `port`.
    pub(crate) async fn connect(worker: &'w Workerd, port: u16) -> Outcome<Self> {
        let address = format!("ws://127.0.0.1:{port}/{SERVICE}");
        let began = Instant::now();
        loop {
            match connect_async(&address).await {
                Ok((socket, _)) => return Ok(Self { worker, socket, asked: 0 }),
                Err(error) if began.elapsed() > PATIENCE => return Err(format!("{address}: {error}").into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    /// The bytes that are in use in the heap, garbage that was not collected yet with them.
    pub(crate) async fn heap(&mut self) -> Outcome<f64> {
        let usage = self.ask("Runtime.getHeapUsage").await?;
        usage["usedSize"].as_f64().ok_or_else(|| format!("the inspector said {usage}").into())
    }

    /// Collects all garbage.
    pub(crate) async fn collect(&mut self) -> Outcome<()> {
        self.ask("HeapProfiler.collectGarbage").await.map(drop)
    }

    async fn ask(&mut self, method: &str) -> Outcome<Value> {
        self.asked += 1;
        let request = json!({"id": self.asked, "method": method});
        self.socket.send(Message::text(request.to_string())).await?;
        loop {
            let Ok(message) = timeout(WAKE_AFTER, self.socket.next()).await else {
                self.worker.started().await?;
                continue;
            };
            let Message::Text(text) = message.ok_or("the inspector hung up")?? else { continue };
            let mut answer: Value = serde_json::from_str(&text)?;
            if answer["id"] == self.asked {
                return Ok(answer["result"].take());
            }
        }
    }
}
