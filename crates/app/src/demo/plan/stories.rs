//! The stories themselves: what turns, in which order, each kind of matter takes.

use super::{super::texts, By, Planner, Speaker, Turn};
use chrono::Duration;
use kernel::{Channel, Time};
use matters::model::{
    CheckFinding, Finding, Outcome, RejectReason, ReturnReason, Satisfaction, SuspendCause,
};
use methods::{Tier, UnitKind};

/// What kind of story a matter has, and how many have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    Plain,
    Partly,
    Revisited,
    Late,
    Verified,
    Absent,
    Returned,
    ReturnDenied,
    OnSite,
    Extended,
    ExtendSilence,
    ExtendTwice,
    Waited,
    WaitedOut,
    WaitStill,
    Suspended,
    SuspendStill,
    Whistled,
    WhistleStill,
    Supported,
    SupportStill,
    Council,
    CouncilStill,
    Supervised,
    SuperviseStill,
    Rework,
    Redo,
    RedoTwice,
    RedoThrice,
    ReopenedByResident,
    ReopenedByStaff,
    Rejected,
    Transferred,
    Withdrawn,
    Voided,
    Merged,
    Unmerged,
    Silence,
    Unreachable,
    Joined,
    ResidentChecked,
    Urged,
    Explained,
    Unsolvable,
    Hidden,
    Fresh,
    AskedStill,
    VerifyStill,
    SignStill,
    CheckStill,
}

/// How many days ago a story begins: at least, at most.
pub(super) type Age = Option<(i64, i64)>;

/// How often each story comes, and how many days ago it begins when that matters.
pub(super) const SHARES: &[(Story, i64, Age)] = &[
    (Story::Plain, 88, None),
    (Story::Partly, 18, None),
    (Story::Revisited, 24, None),
    (Story::Late, 14, None),
    (Story::Verified, 14, None),
    (Story::Absent, 3, None),
    (Story::Returned, 9, None),
    (Story::ReturnDenied, 3, None),
    (Story::OnSite, 2, None),
    (Story::Extended, 10, None),
    (Story::ExtendSilence, 4, None),
    (Story::ExtendTwice, 3, None),
    (Story::Waited, 7, None),
    (Story::WaitedOut, 2, None),
    (Story::WaitStill, 2, Some((3, 5))),
    (Story::Suspended, 5, Some((60, 150))),
    (Story::SuspendStill, 4, Some((20, 55))),
    (Story::Whistled, 5, None),
    (Story::WhistleStill, 2, Some((4, 6))),
    (Story::Supported, 9, None),
    (Story::SupportStill, 2, Some((3, 5))),
    (Story::Council, 7, Some((30, 160))),
    (Story::CouncilStill, 3, Some((8, 16))),
    (Story::Supervised, 4, None),
    (Story::SuperviseStill, 2, Some((6, 10))),
    (Story::Rework, 10, None),
    (Story::Redo, 9, None),
    (Story::RedoTwice, 3, Some((50, 150))),
    (Story::RedoThrice, 2, Some((30, 60))),
    (Story::ReopenedByResident, 4, Some((20, 160))),
    (Story::ReopenedByStaff, 3, Some((20, 160))),
    (Story::Rejected, 9, None),
    (Story::Transferred, 6, None),
    (Story::Withdrawn, 6, None),
    (Story::Voided, 3, None),
    (Story::Merged, 7, None),
    (Story::Unmerged, 1, None),
    (Story::Silence, 9, None),
    (Story::Unreachable, 7, None),
    (Story::Joined, 14, None),
    (Story::ResidentChecked, 6, None),
    (Story::Urged, 5, None),
    (Story::Explained, 7, None),
    (Story::Unsolvable, 3, None),
    (Story::Hidden, 3, None),
    (Story::Fresh, 9, Some((0, 1))),
    (Story::AskedStill, 3, Some((2, 4))),
    (Story::VerifyStill, 2, Some((0, 1))),
    (Story::SignStill, 3, Some((0, 1))),
    (Story::CheckStill, 3, Some((2, 3))),
];
impl Planner<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm per story; splitting would hide the list")]
    pub(super) fn story(&mut self, story: Story, begin: Time) {
        let n = self.seed(story);
        let hurry = self.pressing(n);
        match story {
            Story::Plain | Story::Revisited => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                if self.chance.percent(12) {
                    self.turn(at + Duration::minutes(3), n, Turn::Note);
                }
                if self.chance.percent(18) {
                    self.turn(at + Duration::minutes(4), n, Turn::PublicTitle);
                }
                self.usual_end(n, at);
            }
            Story::Partly => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Partly);
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Late => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let permille = self.chance.range(1200, 2300);
                let at = self.done_at(n, at, permille);
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Verified | Story::Absent => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 1);
                self.turn(at, n, Turn::AskVerification);
                let at = self.work(at, 4);
                let found = if story == Story::Absent { Finding::Absent } else { Finding::Exists };
                self.turn(at, n, Turn::Verify(found));
                let at = self.work(at, 1);
                if story == Story::Absent {
                    self.turn(
                        at,
                        n,
                        Turn::Reject(
                            RejectReason::NotFound,
                            "网格员两次到现场，未发现所说情况；如再出现请拍照反映。",
                        ),
                    );
                } else {
                    self.turn(at, n, Turn::Accept);
                    let at = self.taken(n, at, None, None);
                    self.usual_end(n, at);
                }
            }
            Story::Returned | Story::ReturnDenied => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, Some(UnitKind::Community), None);
                let at = self.work(at, 2);
                self.turn(at, n, Turn::Return(ReturnReason::OtherDuty));
                let at = self.work(at, 2);
                let granted = story == Story::Returned;
                self.turn(at, n, Turn::Decide { granted });
                let at = if granted { self.taken(n, at, None, None) } else { at };
                self.usual_end(n, at);
            }
            Story::OnSite => {
                let mut at = self.accepted(n, begin, false);
                for to in [UnitKind::Community, UnitKind::MunicipalWorks, UnitKind::UrbanManagement] {
                    at = self.taken(n, at, Some(to), None);
                    at = self.work(at, 2);
                    self.turn(at, n, Turn::Return(ReturnReason::UnclearOwner));
                    at = self.work(at, 2);
                    self.turn(at, n, Turn::Decide { granted: true });
                }
                let at = self.taken(n, at, Some(UnitKind::StreetOffice), None);
                self.usual_end(n, at);
            }
            Story::Extended | Story::ExtendSilence | Story::ExtendTwice => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let asked = if hurry { at + Duration::hours(1) } else { self.work(at, 5) };
                let words = self.chance.text(texts::LATER);
                self.turn(asked, n, Turn::Extend { days: 3, words });
                let mut at = if story == Story::ExtendSilence {
                    self.work(asked, 10)
                } else {
                    let decided = self.work(asked, 2);
                    self.turn(decided, n, Turn::Decide { granted: true });
                    decided
                };
                if story == Story::ExtendTwice {
                    at = self.work(at, 6);
                    let words = self.chance.text(texts::LATER);
                    self.turn(at, n, Turn::Extend { days: 2, words });
                    at = self.work(at, 3);
                    self.turn(at, n, Turn::Decide { granted: true });
                }
                let words = self.chance.text(texts::PROGRESS);
                let at = self.work(at, 5);
                self.turn(at, n, Turn::Progress(words));
                self.usual_end(n, at);
            }
            Story::AskedStill => {
                self.brisk(n, begin, None);
                // Asked within the last hours of duty, and not yet decided.
                let at = self.now - Duration::minutes(self.chance.range(20, 100));
                let words = self.chance.text(texts::LATER);
                self.turn(at, n, Turn::Extend { days: 3, words });
            }
            Story::WaitStill => {
                let at = self.brisk(n, begin, None);
                self.turn(
                    at + Duration::minutes(40),
                    n,
                    Turn::AwaitResident("请告诉我们方便入户的时间，并补一张照片。"),
                );
            }
            Story::Waited | Story::WaitedOut => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 2);
                self.turn(at, n, Turn::AwaitResident("请告诉我们方便入户的时间，并补一张照片。"));
                let at = if story == Story::Waited {
                    let at = self.evening(at, 1);
                    self.turn(at, n, Turn::Add("周三晚上七点以后都在家，照片已补。"));
                    at
                } else {
                    at + Duration::days(9)
                };
                self.usual_end(n, at);
            }
            Story::Suspended | Story::SuspendStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let asked = if hurry { at + Duration::minutes(50) } else { self.work(at, 6) };
                let (cause, words) = match self.chance.range(0, 4) {
                    0 => (SuspendCause::Works, "列入管网改造工程，随工程一并解决，恢复条件：管沟开挖完成。"),
                    1 => (SuspendCause::Money, "维修资金表决尚未通过，恢复条件：表决通过。"),
                    2 => (SuspendCause::NoConsensus, "两侧住户意见不一致，恢复条件：议事会形成意见。"),
                    _ => (SuspendCause::Season, "低温期无法施工，恢复条件：气温回升。"),
                };
                let days = if story == Story::SuspendStill { 80 } else { 40 };
                self.turn(asked, n, Turn::Suspend { cause, days, words });
                let at = self.work(asked, 3);
                self.turn(at, n, Turn::Decide { granted: true });
                if story == Story::Suspended {
                    let gone = self.chance.range(12, 34);
                    let at = self.on_duty(at + Duration::days(gone));
                    self.turn(at, n, Turn::Resume("条件已具备，恢复办理。"));
                    self.usual_end(n, at);
                }
            }
            Story::WhistleStill => {
                let at = self.brisk(n, begin, None) + Duration::minutes(30);
                let units = [UnitKind::UrbanManagement, UnitKind::Fire];
                self.turn(at, n, Turn::Whistle { units, words: "涉及多个部门，请到现场一起定办法。" });
                self.turn(at + Duration::minutes(35), n, Turn::Decide { granted: true });
                self.turn(at + Duration::hours(20), n, Turn::ReportIn { first_only: true });
            }
            Story::Whistled => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 4);
                let units = [UnitKind::UrbanManagement, UnitKind::Fire];
                self.turn(at, n, Turn::Whistle { units, words: "涉及多个部门，请到现场一起定办法。" });
                let at = self.work(at, 2);
                self.turn(at, n, Turn::Decide { granted: true });
                let at = self.work(at, 7);
                self.turn(at, n, Turn::ReportIn { first_only: false });
                let at = self.work(at, 3);
                self.turn(at, n, Turn::Score);
                self.usual_end(n, at);
            }
            Story::SupportStill => {
                self.brisk(n, begin, Some(UnitKind::Volunteers));
            }
            Story::Supported => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, Some(UnitKind::Volunteers));
                let at = self.work(at, 5);
                let turn = if self.chance.percent(80) { Turn::FinishTasks } else { Turn::WaiveTasks };
                self.turn(at, n, turn);
                self.usual_end(n, at);
            }
            Story::Council | Story::CouncilStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 6);
                self.turn(at, n, Turn::SetAgenda("涉及多户利益，提请议事会讨论：办不办、怎么办、钱怎么出。"));
                if story == Story::Council {
                    let at = self.on_duty(at + Duration::days(5));
                    self.turn(
                        at,
                        n,
                        Turn::SettleAgenda(
                            "议事会到会 17 人，15 人同意按方案二办理，由物业组织实施，社区监督。",
                        ),
                    );
                    self.usual_end(n, at);
                }
            }
            Story::SuperviseStill => {
                let at = self.brisk(n, begin, None) + Duration::hours(10);
                self.turn(at, n, Turn::Supervise("群众反映集中，请抓紧办理并每两天报一次进展。"));
                let words = self.chance.text(texts::PROGRESS);
                self.turn(at + Duration::hours(26), n, Turn::Progress(words));
            }
            Story::Supervised => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 8);
                self.turn(at, n, Turn::Supervise("群众反映集中，请抓紧办理并每两天报一次进展。"));
                let words = self.chance.text(texts::PROGRESS);
                let at = self.work(at, 5);
                self.turn(at, n, Turn::Progress(words));
                let at = self.handled(n, at, Outcome::Solved);
                self.turn(at + Duration::minutes(9), n, Turn::EndSupervision);
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Satisfied);
            }
            Story::Rework => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Fail);
                let at = self.work(at, 9);
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                let satisfied = self.satisfied();
                self.verdict(n, at, true, satisfied);
            }
            Story::Redo | Story::RedoTwice | Story::RedoThrice => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                let mut at = self.unhappy(n, at);
                let more = match story {
                    Story::RedoTwice => 1,
                    Story::RedoThrice => 2,
                    _ => 0,
                };
                for _ in 0..more {
                    at = self.again(n, at, false);
                }
                if story != Story::RedoThrice {
                    self.again(n, at, true);
                }
            }
            Story::ReopenedByResident | Story::ReopenedByStaff => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                let at = self.work(at, 6);
                let by = if story == Story::ReopenedByResident { By::Resident } else { By::Staff };
                self.turn(
                    at,
                    n,
                    Turn::Evaluate { by, contacted: true, solved: true, satisfied: Satisfaction::Satisfied },
                );
                let at = self.evening(at, 6);
                self.turn(at, n, Turn::Reopen { by });
                self.again(n, at, true);
            }
            Story::Rejected => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 2);
                let (reason, words) = match self.chance.range(0, 4) {
                    0 => (
                        RejectReason::OtherPlace,
                        "该地段属邻近街道管辖，已告知对方受理电话，可直接向其反映。",
                    ),
                    1 => {
                        (RejectReason::LegalRoute, "属民事合同纠纷，可向清和司法所申请调解，或依法提起诉讼。")
                    }
                    2 => (
                        RejectReason::AlreadySettled,
                        "同一问题上月已办结并评价，如有新的情况请补充后再反映。",
                    ),
                    _ => (RejectReason::Private, "属个人之间的买卖，建议双方协商，或拨打消费维权电话。"),
                };
                self.turn(at, n, Turn::Reject(reason, words));
            }
            Story::Transferred => {
                let at = self.accepted(n, begin, hurry);
                let at = self.work(at, 1);
                self.turn(
                    at,
                    n,
                    Turn::Transfer("已转市轨道交通公司，对方编号 GD-0217，预计十个工作日答复。"),
                );
            }
            Story::Withdrawn => {
                let at = self.accepted(n, begin, false);
                let at = self.evening(at, 0);
                self.turn(at, n, Turn::Withdraw);
            }
            Story::Voided => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 1);
                self.turn(at, n, Turn::AskVoid("系统培训时录入的测试件，请作废。"));
                let at = self.work(at, 1);
                self.turn(at, n, Turn::Decide { granted: true });
            }
            Story::Merged | Story::Unmerged => self.pair(story, n, begin),
            Story::Silence | Story::Unreachable => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                if story == Story::Silence {
                    self.silence(n, at);
                }
            }
            Story::Joined => {
                let at = self.accepted(n, begin, hurry);
                let others: Vec<usize> = (0..self.cast.residents.len())
                    .filter(|r| self.cast.residents[*r].lives_at.within(&self.plan.seeds[n].place.cut(3)))
                    .collect();
                let many = self.chance.range(1, 6);
                let mut joined = Vec::new();
                for i in 0..many {
                    let Some(resident) = self.chance.of(&others).copied() else { break };
                    let known = matches!(self.plan.seeds[n].voice, Speaker::Known(r) | Speaker::Phone(r) if r == resident);
                    if known || joined.contains(&resident) {
                        continue;
                    }
                    joined.push(resident);
                    let words = self.chance.text(texts::ME_TOO);
                    self.turn(begin + Duration::minutes(9 + i * 7), n, Turn::Join { resident, words });
                }
                let at = self.taken(n, at.max(begin + Duration::minutes(50)), None, None);
                self.usual_end(n, at);
            }
            Story::ResidentChecked => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = if self.plan.seeds[n].tier == Tier::Autonomy {
                    let at = self.evening(at, 0);
                    self.turn(at, n, Turn::ResidentChecks);
                    at
                } else {
                    self.checked(n, at, CheckFinding::Pass)
                };
                self.verdict(n, at, true, Satisfaction::Satisfied);
            }
            Story::Urged => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let urged = self.evening(at, 1);
                self.turn(urged, n, Turn::Urge);
                let at = self.done_at(n, at, 1150).max(urged + Duration::hours(3));
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Explained | Story::Unsolvable => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let outcome =
                    if story == Story::Explained { Outcome::Explained } else { Outcome::Unsolvable };
                let at = self.handled(n, at, outcome);
                let at = self.checked(n, at, CheckFinding::Pass);
                if story == Story::Explained {
                    self.verdict(n, at, true, Satisfaction::Partly);
                } else {
                    self.silence(n, at);
                }
            }
            Story::Hidden => {
                let at = self.accepted(n, begin, hurry);
                self.turn(at + Duration::minutes(5), n, Turn::Hide);
                let at = self.taken(n, at, None, None);
                self.usual_end(n, at);
            }
            Story::Fresh => {
                self.turn(begin, n, Turn::Raise);
                if self.chance.percent(30) {
                    self.turn(begin + Duration::minutes(5), n, Turn::Accept);
                }
            }
            // Somebody is on duty at weekends too: these stand where they stand whatever the day.
            Story::VerifyStill => {
                self.turn(begin, n, Turn::Raise);
                self.turn(begin + Duration::minutes(3), n, Turn::AskVerification);
            }
            Story::SignStill => {
                self.turn(begin, n, Turn::Raise);
                self.turn(begin + Duration::minutes(2), n, Turn::Accept);
                self.turn(begin + Duration::minutes(4), n, Turn::Dispatch { to: None, support: None });
            }
            Story::CheckStill => {
                self.brisk(n, begin, None);
                let at = self.now - Duration::minutes(self.chance.range(15, 200));
                self.turn(at, n, Turn::Finish(Outcome::Solved));
            }
        }
    }

    /// Two residents say the same; the office merges the second into the first.
    fn pair(&mut self, story: Story, first: usize, begin: Time) {
        let at = self.accepted(first, begin, false);
        let second = self.plan.seeds.len();
        let mut twin = self.plan.seeds[first].clone();
        twin.body = format!("{}（另一户也有同样情况）", twin.body);
        let near: Vec<usize> = (0..self.cast.residents.len())
            .filter(|r| self.cast.residents[*r].lives_at.within(&twin.place.cut(3)))
            .filter(|r| !matches!(twin.voice, Speaker::Known(v) | Speaker::Phone(v) if v == *r))
            .collect();
        twin.voice = self.chance.of(&near).map_or(Speaker::Nobody, |r| Speaker::Phone(*r));
        twin.channel = Channel::Phone;
        self.plan.seeds.push(twin);
        self.turn(begin + Duration::minutes(31), second, Turn::Raise);
        let merged = at.max(begin + Duration::minutes(40)) + Duration::minutes(6);
        self.turn(merged, second, Turn::Merge { into: first });
        let at = self.taken(first, merged, None, None);
        if story == Story::Unmerged {
            self.turn(at + Duration::minutes(3), second, Turn::Unmerge);
            self.turn(at + Duration::minutes(9), second, Turn::Accept);
            let later = self.taken(second, at + Duration::minutes(12), None, None);
            self.usual_end(second, later);
        }
        self.usual_end(first, at);
    }
}
