import NIOCore
import ORKit

/// Asks the upstream for its record of a generation over the data path's own
/// connections.
struct UpstreamGenerations: GenerationProbe {
    let state: DaemonState

    private static let patience = TimeAmount.seconds(10)

    func usage(of generation: String, _ secret: Secret) async -> Inquiry.Answer {
        guard let context = state.loops?.contexts.first else { return .unavailable }
        do {
            return Self.read(
                try await UpstreamQuestion.get(
                    "/v1/generation?id=\(generation)", secret: secret, on: context, timeout: Self.patience))
        } catch {
            return .unavailable
        }
    }

    /// A record without a cost is none: what is posted is final.
    static func read(_ answer: UpstreamQuestion.Answer) -> Inquiry.Answer {
        guard answer.status == 200 else { return answer.status == 404 ? .notFound : .unavailable }
        guard let data = JSONValue(answer.body)?["data"], let usage = Usage(generation: data) else {
            return .unavailable
        }
        return .known(usage)
    }
}

extension Usage {
    /// - Parameter data: `data` of the answer to `GET /generation`. The
    ///   provider's own count of tokens is what answers state, too.
    fileprivate init?(generation data: JSONValue) {
        guard
            let cost = (data["total_cost"]?.scalar ?? data["usage"]?.scalar)
                .flatMap({ Money(decimal: $0.utf8) }), cost.pico >= 0
        else { return nil }
        func tokens(_ names: String...) -> Int64 {
            max(0, names.lazy.compactMap { data[$0]?.integer }.first ?? 0)
        }
        self.init()
        prompt = tokens("native_tokens_prompt", "tokens_prompt")
        completion = tokens("native_tokens_completion", "tokens_completion")
        let (sum, overflow) = prompt.addingReportingOverflow(completion)
        total = overflow ? .max : sum
        cached = tokens("native_tokens_cached")
        reasoning = tokens("native_tokens_reasoning")
        self.cost = cost
    }
}
