//! The admin decides.

use std::sync::Arc;

use domain::{
    Asking, Claim, KeySecret, NotPending, Number, NumberError, RequestId, RequestStatus, Route, Standing,
};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{Approve, ApprovedView, Proof, Refuse, RequestView},
    grants::Plan,
    ports::{EndedRequest, Parcel, RequestRecord},
    receiving::check_approvable,
};

impl Desk {
    pub(crate) async fn approve(
        self: &Arc<Self>,
        caller: &Caller,
        args: Approve,
    ) -> Result<ApprovedView, CallError> {
        let id = self.prove(caller, &args.id, args.proof).await?;
        let claim = self.claim(&id)?;
        match self.plan_and_grant(&claim, &args, caller).await {
            Ok((plan, secret)) => self.hand_over(claim, plan, secret).await,
            Err(error) => Err(self.give_back(claim, error).await),
        }
    }

    /// Refuses, and blocks where that is asked: in the store first, so that what is answered is so.
    pub(crate) async fn refuse(
        self: &Arc<Self>,
        caller: &Caller,
        args: Refuse,
    ) -> Result<RequestView, CallError> {
        let claim = self.claim(&args.id)?;
        let standing = args.block.then_some(Standing::Blocked);
        let request = match self.write_refusal(claim.asking(), standing, caller).await {
            Ok(request) => request,
            Err(error) => return Err(self.give_back(claim, error).await),
        };
        let effects = self.inbox().refuse(claim, self.clock.moment());
        self.carry_out(effects).await;
        Ok(self.ended_view(&RequestRecord { request, grant: None }))
    }

    /// Nothing was decided: the request waits again.
    pub(crate) async fn give_back(self: &Arc<Self>, claim: Claim, error: CallError) -> CallError {
        let effects = self.inbox().release(claim, self.clock.moment());
        self.carry_out(effects).await;
        error
    }

    /// Checks what the admin chose, and writes the grant. The request can be decided by nobody else meanwhile.
    async fn plan_and_grant(
        self: &Arc<Self>,
        claim: &Claim,
        args: &Approve,
        caller: &Caller,
    ) -> Result<(Plan, KeySecret), CallError> {
        let receiver = self.receiver_of(claim.asking()).await;
        check_approvable(receiver.as_ref(), args)?;
        let plan = self.plan(claim.asking(), args, receiver)?;
        if caller.is_desk() && self.shell.has_window() {
            self.check_window_rules(claim.asking(), &plan, args).await?;
        }
        let secret = self.grant(claim, &plan, caller).await?;
        Ok((plan, secret))
    }

    /// Finds the asking that the typed number belongs to. The passphrase, which this caller has shown, stands for
    /// the number on the command line.
    async fn prove(
        self: &Arc<Self>,
        caller: &Caller,
        id: &RequestId,
        proof: Proof,
    ) -> Result<RequestId, CallError> {
        let typed = match proof {
            Proof::Number(typed) => typed,
            Proof::Passphrase | Proof::NoNumber => return Ok(id.clone()),
        };
        let number = Number::try_from(typed)
            .map_err(|_| CallError::invalid("number", "the number has two digits, 10 to 99"))?;
        let checked = self.inbox().check_number(id, number, self.clock.moment());
        match checked {
            Ok(named) => Ok(named),
            Err(NumberError::NotPending(why)) => Err(not_pending(why)),
            Err(NumberError::Wrong { ended, effects }) => {
                self.carry_out_for(&self.actor(caller), effects).await;
                let message = if ended {
                    "wrong again: the request has ended and nothing was given"
                } else {
                    "this is not the number the app shows; one more wrong number ends the request"
                };
                Err(CallError::new(Code::WrongNumber, message).of("number"))
            }
        }
    }

    /// The asking, as long as it is not forgotten.
    pub(crate) fn waiting(&self, id: &RequestId) -> Result<Arc<Asking>, CallError> {
        self.inbox().asking(id).cloned().ok_or_else(|| not_pending(NotPending::Unknown))
    }

    pub(crate) fn claim(&self, id: &RequestId) -> Result<Claim, CallError> {
        self.inbox().claim(id, self.clock.moment()).map_err(not_pending)
    }

    /// Makes the granted key available to its asker, and posts it where that is asked.
    pub(crate) async fn hand_over(
        self: &Arc<Self>,
        claim: Claim,
        plan: Plan,
        secret: KeySecret,
    ) -> Result<ApprovedView, CallError> {
        let asking = Arc::clone(claim.asking());
        let parcel = Parcel { secret, user: plan.owner().clone(), permissions: plan.permissions().clone() };
        let effects = self.inbox().approve(claim, plan.handover(&parcel), self.clock.moment());
        self.carry_out(effects).await;
        let view = plan.approved_view(&asking, &parcel, self.clock.now());
        if asking.route() == Route::Post {
            let (desk, receiver) = (Arc::clone(self), plan.receiver().cloned());
            tokio::spawn(async move { desk.post(&asking, &parcel, receiver).await });
        }
        Ok(view)
    }

    /// Writes a refusal, and what the admin thinks of the application from now on, in one transaction.
    async fn write_refusal(
        &self,
        asking: &Asking,
        standing: Option<Standing>,
        caller: &Caller,
    ) -> Result<EndedRequest, CallError> {
        let writer = self.writer().await;
        let mut request = self.ended_request(asking, RequestStatus::Refused)?;
        request.application.standing = standing.unwrap_or(request.application.standing);
        let (row, actor) = (request.clone(), self.actor(caller));
        writer.write_open(caller, move |open| open.refuse(&row, standing, &actor)).await?;
        if standing.is_some() {
            self.remembered().retain(|said| said.application != request.application.id);
        }
        self.register_mut().keep(request.application.clone());
        Ok(request)
    }
}

fn not_pending(why: NotPending) -> CallError {
    match why {
        NotPending::Unknown => CallError::not_found("there is no such request").of("id"),
        NotPending::Deciding | NotPending::Over(_) => CallError::new(Code::NotPending, why.to_string()),
    }
}
