import NIOCore
import ORKit

/// Asks the upstream about a key over the data path's own connections.
struct UpstreamProbe: KeyProbe {
    let state: DaemonState

    /// `GET /key` is answered from the edge: slower than this is trouble.
    private static let patience = TimeAmount.seconds(10)

    func probe(_ secret: Secret) async -> ProbeAnswer {
        guard let context = state.loops?.contexts.first else {
            return .unreachable(reason: "the daemon is starting")
        }
        do {
            let answer = try await UpstreamQuestion.get(
                "/v1/key", secret: secret, on: context, timeout: Self.patience)
            return Self.read(answer, at: SystemClock.now())
        } catch let failed as UpstreamQuestion.Failed {
            return .unreachable(reason: Classifier.classify(transport: failed.failure).evidence)
        } catch {
            return .unreachable(reason: "the upstream could not be asked")
        }
    }

    /// The same rules as for callers' answers say what an error is about: a
    /// page of the edge proves nothing, whatever its status.
    static func read(_ answer: UpstreamQuestion.Answer, at now: Now) -> ProbeAnswer {
        let json = JSONValue(answer.body)
        guard (200..<300).contains(answer.status) else {
            let found = UpstreamAnswer(status: answer.status, body: answer.body)
            let verdict = Classifier.classify(found, at: now)
            switch verdict.scope {
            case .key where verdict.cause == .rejected:
                let message = json?["error"]?["message"]?.string ?? "unauthorized"
                return .rejected(status: answer.status, message: message)
            case .key, .account, .modelAtKey, .modelAtAccount: return .limited
            case .request, .client, .modelAtProvider, .provider, .network, .daemon:
                return .unreachable(reason: "the upstream answered \(verdict.evidence)")
            }
        }
        guard let data = json?["data"] else {
            return .unreachable(reason: "the upstream answered without key data")
        }
        return .valid(KeyInfo(data))
    }
}

extension KeyInfo {
    /// - Parameter data: `data` of the answer to `GET /key`.
    fileprivate init(_ data: JSONValue) {
        self.init()
        label = data["label"]?.string
        // The second is the first one's old name.
        isManagement =
            data["is_management_key"]?.bool == true || data["is_provisioning_key"]?.bool == true
        limit = data["limit"]?.money
        limitRemaining = data["limit_remaining"]?.money
        usage = data["usage"]?.money
        spent[.daily] = data["usage_daily"]?.money
        spent[.weekly] = data["usage_weekly"]?.money
        spent[.monthly] = data["usage_monthly"]?.money
        limitReset = data["limit_reset"]?.string.flatMap { UpstreamQuota.Reset(rawValue: $0) }
        free = UpstreamQuota.Free(data["free_model_daily_requests"])
        freeTier = data["is_free_tier"]?.bool
        expiresAt = data["expires_at"]?.string
        account = (data["organization_id"]?.string ?? data["creator_user_id"]?.string)
            .flatMap { try? KeyFields.account($0) }
        report.hasKeyLimitLeft = Self.hasLimitLeft(data)
        report.hasFreeRequestsLeft =
            data["free_model_daily_requests"]?["remaining"]?.integer.map { $0 > 0 }
    }

    /// A limit of null is none. Whatever budget is used up refuses as well.
    private static func hasLimitLeft(_ data: JSONValue) -> Bool? {
        guard let remaining = data["limit_remaining"] else { return nil }
        if let left = data["effective_budget"]?["remaining_usd"]?.money, left.pico <= 0 { return false }
        return remaining.isNull ? true : remaining.money.map { $0.pico > 0 }
    }
}

extension UpstreamQuota.Free {
    fileprivate init?(_ data: JSONValue?) {
        self.init(
            limit: data?["limit"]?.integer, used: data?["used"]?.integer, left: data?["remaining"]?.integer)
    }
}

extension JSONValue {
    fileprivate var money: Money? { scalar.flatMap { Money(decimal: $0.utf8) } }
}
