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
        var info = KeyInfo()
        info.label = data["label"]?.string
        info.limit = data["limit"]?.money
        info.limitRemaining = data["limit_remaining"]?.money
        info.usage = data["usage"]?.money
        info.freeTier = data["is_free_tier"]?.bool
        info.expiresAt = data["expires_at"]?.string
        return .valid(info)
    }
}

extension JSONValue {
    fileprivate var money: Money? { scalar.flatMap { Money(decimal: $0.utf8) } }
}
