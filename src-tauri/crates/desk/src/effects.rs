//! Carrying out what the inbox says has to be done.

use std::sync::Arc;

use domain::{Actor, Asking, AskingEnd, Delivery, Effect, Redirect, RequestStatus};

use crate::{CallError, Desk, ports::EndedRequest};

impl Desk {
    /// Carries out what time, or the asker, has brought about.
    pub(crate) async fn carry_out(self: &Arc<Self>, effects: Vec<Effect>) {
        self.carry_out_for(&Actor::Fieldgate, effects).await;
    }

    /// Carries out `effects` of what `actor` did, in order. An end that cannot be written down is logged: it is one
    /// that happened anyway. A decision is written before it has effects.
    pub(crate) async fn carry_out_for(self: &Arc<Self>, actor: &Actor, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Raise => self.shell.raise(),
                Effect::Changed => self.announce(),
                Effect::Approved { .. } | Effect::Ended { how: AskingEnd::Refused, .. } => {}
                Effect::Ended { asking, how: AskingEnd::WrongNumbers } => {
                    self.write_end(&asking, AskingEnd::WrongNumbers, actor).await;
                }
                Effect::Ended { asking, how: how @ AskingEnd::Withdrawn } => {
                    self.write_end(&asking, how, &Actor::Asker).await;
                }
                Effect::Ended {
                    asking,
                    how: how @ (AskingEnd::Expired | AskingEnd::Superseded | AskingEnd::Closed),
                } => self.write_end(&asking, how, &Actor::Fieldgate).await,
            }
        }
    }

    async fn write_end(&self, asking: &Asking, how: AskingEnd, actor: &Actor) {
        if let Err(error) = self.record_end(asking, how.status(), actor.clone()).await {
            tracing::error!(%error, request = %asking.id, "the end of a request could not be written down");
        }
    }

    /// Writes a request that ended without a decision, and its application.
    async fn record_end(
        &self,
        asking: &Asking,
        status: RequestStatus,
        actor: Actor,
    ) -> Result<(), CallError> {
        let writer = self.writer().await;
        let request = self.ended_request(asking, status)?;
        let application = request.application.clone();
        writer.write(move |keyring| keyring.record_request(&request, &actor)).await?;
        self.register_mut().keep(application);
        Ok(())
    }

    /// Writes what became of posting a granted key, which has happened whether that can be written or not.
    pub(crate) async fn write_posted(&self, asking: &Asking, how: Delivery) {
        let (id, now) = (asking.id.clone(), self.clock.now());
        if let Err(error) = self.write(move |keyring| keyring.record_delivery(&id, how, now)).await {
            tracing::error!(%error, request = %asking.id, "a delivery could not be written down");
        }
    }

    /// What the history keeps of `asking`. The application may be new: whoever writes it has its turn.
    pub(crate) fn ended_request(
        &self,
        asking: &Asking,
        status: RequestStatus,
    ) -> Result<EndedRequest, CallError> {
        let request = &asking.request;
        let name = request.application_name();
        Ok(EndedRequest {
            id: asking.id.clone(),
            application: self.register().sighted(&asking.identity, name, asking.asked)?,
            name: name.map(|name| name.as_str().to_owned()),
            mode: asking.asker.mode,
            program: asking.asker.program.clone(),
            sent_by: asking.asker.sent_by.clone(),
            origin: request.redirect().map(|redirect| redirect.origin().to_owned()),
            permissions: request.permissions().clone(),
            unknown: request.unknown().iter().map(|text| text.as_str().to_owned()).collect(),
            strict: request.is_strict(),
            selective_stores: request.is_selective(),
            unencrypted: request.redirect().is_some_and(Redirect::is_unencrypted),
            asked: asking.asked,
            ended: self.clock.now(),
            status,
        })
    }
}
