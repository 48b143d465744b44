//! Handing granted keys over: posting them to programs, and doing it again.

use std::sync::Arc;

use domain::{
    Asker, Asking, AuthorizeRequest, CollectSecret, Delivery, Grant, Handover, Number, PostFailed, Receiver,
    RequestId, RequestStatus, Route, Sealed, Standing,
};

use crate::{
    CallError, Caller, Code, Desk, NotHandedOver,
    calls::{Deliver, DeliveredView},
    desk::off_thread,
    ports::{Parcel, Received, RequestRecord, Undelivered},
    random,
    receiving::{nobody_listens, not_still},
};

impl Desk {
    /// Posts the key to the program's redirect, as long as the receiver is the one that was `approved`, and writes down
    /// what came of it.
    pub(crate) async fn post(
        self: &Arc<Self>,
        asking: &Asking,
        parcel: &Parcel,
        approved: Option<Receiver>,
    ) -> Result<(), Undelivered> {
        let (Some(redirect), Some(approved)) = (asking.request.redirect(), approved) else {
            return Err(Undelivered::Failed("there is nowhere to post it".to_owned()));
        };
        let port = self.gate_port().unwrap_or_default();
        let posted = self.courier.post(redirect, port, parcel, &self.check_of(approved)).await;
        if let Err(error) = &posted {
            tracing::warn!(%error, request = %asking.id, "a granted key could not be posted");
        }
        let (how, result) = match &posted {
            Ok(()) => (Delivery::JsonPost, Ok(())),
            Err(Undelivered::Failed(_)) => (Delivery::Failed, Err(PostFailed)),
            Err(Undelivered::Withheld(_)) => (Delivery::Withheld, Err(PostFailed)),
        };
        self.write_posted(asking, how).await;
        let effects = self.inbox().posted(&asking.id, result, self.clock.moment());
        self.carry_out(effects).await;
        posted
    }

    /// Looks, at the moment an asker's page is handed over, who would get what it posts. From another program than the
    /// one that was decided on the key is taken back.
    pub(crate) async fn check_page(
        self: &Arc<Self>,
        id: &RequestId,
        presented: &CollectSecret,
    ) -> Result<(), NotHandedOver> {
        let (approved, asking) = {
            let inbox = self.inbox();
            let laid_out = inbox.receiver(id, &presented.hash(), self.clock.moment());
            (laid_out.cloned(), inbox.asking(id).cloned())
        };
        let (Some(approved), Some(asking)) = (approved, asking) else { return Ok(()) };
        let Some(now) = self.receiver_of(&asking).await else { return Ok(()) };
        if now.is_still(&approved) {
            return Ok(());
        }
        if now.is_nobody() && approved.listener.is_some() {
            return Err(NotHandedOver::NobodyListens(now.origin));
        }
        let why = not_still(&now, &approved);
        tracing::warn!(why, request = %id, "a granted key was withheld");
        self.write_posted(&asking, Delivery::Withheld).await;
        let effects = self.inbox().withhold(id, self.clock.moment());
        self.carry_out(effects).await;
        Err(NotHandedOver::Withheld(why))
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
            asker: Asker {
                mode: grant.mode,
                program: record.request.program.clone(),
                sent_by: record.request.sent_by.clone(),
            },
            identity: record.request.application.identity.clone(),
            standing: Standing::New,
            asked: record.request.asked,
        };
        let receiver = self.receiver_again(caller, &asking, grant, args.receiver.as_ref()).await?;
        match asking.route() {
            Route::Post => self.post_again(&asking, &parcel, receiver).await,
            Route::Page | Route::Poll => self.lay_out_again(asking, record, &parcel, receiver).await,
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
        receiver: Option<Receiver>,
    ) -> Result<DeliveredView, CallError> {
        self.post(asking, parcel, receiver).await.map_err(|error| match error {
            Undelivered::Failed(_) => {
                CallError::new(Code::Failed, "the app did not take the key; is it running and listening?")
            }
            Undelivered::Withheld(why) => CallError::new(Code::ReceiverChanged, why).of("receiver"),
        })?;
        Ok(DeliveredView { id: asking.id.clone(), status: RequestStatus::Delivered, until: None })
    }

    async fn lay_out_again(
        self: &Arc<Self>,
        asking: Asking,
        record: &RequestRecord,
        parcel: &Parcel,
        receiver: Option<Receiver>,
    ) -> Result<DeliveredView, CallError> {
        let Some(grant) = &record.grant else { return Err(self.not_granted(&asking.id)) };
        let id = asking.id.clone();
        let handover = Handover {
            key_id: grant.key.clone(),
            secret: Some(parcel.secret.clone()),
            user: parcel.user.clone(),
            permissions: parcel.permissions.clone(),
            receiver,
        };
        let now = self.clock.moment();
        let armed = self.inbox().rearm(asking, handover, now);
        let effects = armed.map_err(|_| self.not_granted(&id))?;
        self.carry_out(effects).await;
        let until = Some(self.as_timestamp(now.plus(domain::TO_COLLECT_AGAIN)));
        Ok(DeliveredView { id, status: RequestStatus::Approved, until })
    }

    /// Who gets a key that is delivered again: whoever was decided on, or who listens there now where the human has
    /// `seen` that. What was decided for somebody else goes to no other user's program.
    async fn receiver_again(
        &self,
        caller: &Caller,
        asking: &Asking,
        grant: &Grant,
        seen: Option<&Receiver>,
    ) -> Result<Option<Receiver>, CallError> {
        let Some(now) = self.receiver_of(asking).await else { return Ok(None) };
        if now.is_nobody() {
            return Err(nobody_listens(&now));
        }
        let unkept = Receiver { origin: now.origin.clone(), listener: None };
        if now.is_still(grant.receiver.as_ref().unwrap_or(&unkept)) {
            return Ok(Some(now));
        }
        if now.is_strange() || !seen.is_some_and(|seen| now.is_still(seen)) {
            return Err(another_receiver(&now, grant.receiver.as_ref()));
        }
        let (id, accepted, at, actor) =
            (grant.request.clone(), now.clone(), self.clock.now(), self.actor(caller));
        let writer = self.writer().await;
        writer.write_open(caller, move |open| open.accept_receiver(&id, &accepted, at, &actor)).await?;
        let (request, key) = (grant.request.clone(), grant.key.clone());
        self.recipients().keep(Received { request, key, receiver: now.clone() });
        Ok(Some(now))
    }

    fn check_deliverable(&self, key: &domain::KeyId) -> Result<(), CallError> {
        let (index, now) = (self.index(), self.clock.now());
        match index.get(key) {
            Some(key) if index.is_usable(key, now) => Ok(()),
            Some(_) | None => Err(CallError::invalid("id", "the key of this request does not work any more")),
        }
    }

    pub(crate) fn reparse(&self, query: &Sealed) -> Result<AuthorizeRequest, CallError> {
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

fn another_receiver(now: &Receiver, approved: Option<&Receiver>) -> CallError {
    let message = match approved {
        Some(_) if now.is_strange() => {
            format!("{now}: that is not for whom this was decided; let the app ask again")
        }
        Some(approved) => not_still(now, approved),
        None => format!("{now}; who was to receive this key was not kept"),
    };
    CallError::new(Code::ReceiverChanged, message).of("receiver")
}
