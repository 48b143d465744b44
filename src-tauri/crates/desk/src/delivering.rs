//! Handing granted keys over: posting them to programs, and doing it again.

use std::sync::Arc;

use domain::{
    Asker, Asking, AuthorizeRequest, Delivery, Handover, Number, PostFailed, RequestId, RequestStatus, Route,
    Sealed, Standing,
};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Deliver, DeliveredView},
    desk::off_thread,
    ports::{Parcel, RequestRecord},
    random,
};

impl Desk {
    /// Posts the key to the program's redirect and writes down what came of it.
    pub(crate) async fn post(self: &Arc<Self>, asking: &Asking, parcel: &Parcel) -> Result<(), PostFailed> {
        let Some(redirect) = asking.request.redirect() else { return Err(PostFailed) };
        let port = self.gate_port().unwrap_or_default();
        let posted = self.courier.post(redirect, port, parcel).await;
        if let Err(error) = &posted {
            tracing::warn!(%error, request = %asking.id, "a granted key could not be posted");
        }
        let (how, result) = match posted {
            Ok(()) => (Delivery::JsonPost, Ok(())),
            Err(_) => (Delivery::Failed, Err(PostFailed)),
        };
        self.write_posted(asking, &parcel.secret, how).await;
        let effects = self.inbox().posted(&asking.id, result, self.clock.moment());
        self.carry_out(effects).await;
        result
    }

    /// Delivers a granted key again: posted once more, or laid out for the asker's own page or poll for five
    /// minutes, also after a restart.
    pub(crate) async fn deliver(
        self: &Arc<Self>,
        caller: &Caller,
        args: Deliver,
    ) -> Result<DeliveredView, CallError> {
        let open = self.openings.of(caller)?;
        let id = args.id.clone();
        let record = self.read(move |keyring| keyring.request(&id)).await?;
        let grant = record.as_ref().and_then(|record| record.grant.as_ref());
        let (Some(record), Some(grant)) = (&record, grant) else { return Err(self.not_granted(&args.id)) };
        self.check_deliverable(&grant.key)?;
        let (vault, id, key) = (Arc::clone(&open), args.id.clone(), grant.key.clone());
        let (query, collect) = off_thread(move || vault.reveal_asking(&id)).await?;
        let secret = off_thread(move || open.reveal(&key)).await?;
        let parcel = Parcel { secret, user: grant.owner.clone(), permissions: grant.permissions.clone() };
        let asking = Asking {
            id: args.id.clone(),
            number: Number::from_random(u32::from_le_bytes(random()?)),
            collect,
            request: self.reparse(&query)?,
            // How it is answered comes from the grant, which verifies; the history does not.
            asker: Asker { mode: grant.mode, program: record.request.program.clone() },
            identity: record.request.application.identity.clone(),
            standing: Standing::New,
            asked: record.request.asked,
        };
        match asking.route() {
            Route::Post => self.post_again(&asking, &parcel).await,
            Route::Page | Route::Poll => self.lay_out_again(asking, record, &parcel).await,
            Route::Window => Err(CallError::invalid(
                "id",
                "the app gave no address to deliver to; show the key with `key show --reveal`",
            )),
        }
    }

    async fn post_again(
        self: &Arc<Self>,
        asking: &Asking,
        parcel: &Parcel,
    ) -> Result<DeliveredView, CallError> {
        self.post(asking, parcel).await.map_err(|PostFailed| {
            CallError::new(Code::Failed, "the app did not take the key; is it running and listening?")
        })?;
        Ok(DeliveredView { id: asking.id.clone(), status: RequestStatus::Delivered, until: None })
    }

    async fn lay_out_again(
        self: &Arc<Self>,
        asking: Asking,
        record: &RequestRecord,
        parcel: &Parcel,
    ) -> Result<DeliveredView, CallError> {
        let Some(grant) = &record.grant else { return Err(self.not_granted(&asking.id)) };
        let id = asking.id.clone();
        let handover = Handover {
            key_id: grant.key.clone(),
            secret: Some(parcel.secret.clone()),
            user: parcel.user.clone(),
            permissions: parcel.permissions.clone(),
        };
        let now = self.clock.moment();
        let armed = self.inbox().rearm(asking, handover, now);
        let effects = armed.map_err(|_| self.not_granted(&id))?;
        self.carry_out(effects).await;
        let until = Some(self.as_timestamp(now.plus(domain::TO_COLLECT_AGAIN)));
        Ok(DeliveredView { id, status: RequestStatus::Approved, until })
    }

    fn check_deliverable(&self, key: &domain::KeyId) -> Result<(), CallError> {
        let (index, now) = (self.index(), self.clock.now());
        match index.get(key) {
            Some(key) if index.is_usable(key, now) => Ok(()),
            Some(_) | None => Err(CallError::invalid("id", "the key of this request does not work any more")),
        }
    }

    fn reparse(&self, query: &Sealed) -> Result<AuthorizeRequest, CallError> {
        AuthorizeRequest::parse(query.expose(), &self.own_address()).map_err(|error| {
            CallError::new(Code::Failed, format!("the stored request cannot be read: {error}"))
        })
    }

    fn not_granted(&self, id: &RequestId) -> CallError {
        if self.inbox().asking(id).is_some() {
            return CallError::invalid("id", "this request was not granted");
        }
        CallError::not_found("there is no such request").of("id")
    }
}
