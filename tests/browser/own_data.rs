//! What is given to whoever asks for their own data, at 320 px and desk width.

use crate::chrome::Width;
use crate::gallery::{first, look, signed_in};
use crate::service::Service;

#[tokio::test]
async fn what_is_given_to_whoever_asks_for_their_own_data() {
    let service = Service::demonstration_of("own-data").await;
    for width in [Width::Narrow, Width::Desk] {
        let browser = signed_in(&service, width, "coordinator").await;
        let queue =
            |name: &str| format!("{}/staff/schemes/own-data/queues/{name}", service.address);
        browser.goto(&queue("own_data_to_decide")).await;
        let case = first(&browser, ".app-queue a").await;
        look(&browser, &format!("{case}/given"), "60-no-letter-yet").await;
        browser.goto(&queue("own_data_to_give")).await;
        let case = first(&browser, ".app-queue a").await;
        look(&browser, &case, "61-a-request").await;
        look(&browser, &format!("{case}/given"), "62-letter").await;
    }
}
