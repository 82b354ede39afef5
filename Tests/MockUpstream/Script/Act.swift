/// One step of a script: what to do with one request.
///
/// Acts are values; the words for them are in `Act+Good.swift` and
/// `Act+Faults.swift`. `then`-style changes such as `.after(…)` give a new act.
public struct Act: Sendable {
    enum Deed: Sendable {
        case answer(@Sendable (Exchange) -> Answer)
        /// Exact bytes, as they are.
        case bytes([ByteStep])
        /// As if there were no script.
        case usual
    }

    var deed: Deed
    /// True: at once when the head has arrived, without waiting for the body.
    var early = false
    /// Last changes to the answer.
    var changes: [@Sendable (inout Answer) -> Void] = []

    init(_ deed: Deed) { self.deed = deed }

    /// Whatever the closure says.
    public static func answer(_ make: @escaping @Sendable (Exchange) -> Answer) -> Act { Act(.answer(make)) }

    /// Exact bytes and pauses: for answers that are no HTTP, or hostile HTTP.
    public static func raw(_ steps: [ByteStep]) -> Act { Act(.bytes(steps)) }

    /// What the mock would have done without a script.
    public static let usual = Act(.usual)

    /// Changes the answer just before it is sent.
    public func with(_ change: @escaping @Sendable (inout Answer) -> Void) -> Act {
        var act = self
        act.changes.append(change)
        return act
    }

    /// Without waiting for the body of the request.
    public var beforeBody: Act {
        var act = self
        act.early = true
        return act
    }

    /// Waits before the head of the answer.
    public func after(_ duration: Duration) -> Act { with { $0.before.append(.wait(duration)) } }

    /// Waits before the head of the answer until the test opens the gate.
    public func after(_ gate: Gate) -> Act { with { $0.before.append(.gate(gate)) } }

    public func header(_ name: String, _ value: String) -> Act { with { $0.headers.append((name, value)) } }

    /// Ends the answer in another way than well.
    public func ending(_ ending: Answer.Ending) -> Act { with { $0.ending = ending } }

    public func framing(_ framing: Answer.Framing) -> Act { with { $0.framing = framing } }

    /// Cuts the body into several TCP writes at these positions of it.
    public func split(at positions: [Int]) -> Act { with { $0.split(at: positions) } }

    /// Cuts the head into several TCP writes.
    public func splitHead(at positions: [Int]) -> Act { with { $0.headCuts = positions } }

    /// Puts a gate before the n-th chunk of the body, counting from 0.
    public func gate(_ gate: Gate, beforeChunk index: Int) -> Act {
        with { answer in
            var seen = 0
            for (place, part) in answer.body.enumerated() where !part.payload.isEmpty {
                if seen == index {
                    answer.body.insert(.gate(gate), at: place)
                    return
                }
                seen += 1
            }
            answer.body.append(.gate(gate))
        }
    }

    /// Ends the body after so many chunks, in that way.
    public func broken(afterChunks count: Int, _ ending: Answer.Ending) -> Act {
        with { answer in
            var seen = 0
            answer.body = Array(
                answer.body.prefix { part in
                    if !part.payload.isEmpty { seen += 1 }
                    return seen <= count
                })
            answer.ending = ending
            answer.bill = nil
        }
    }
}

extension Answer {
    mutating func split(at positions: [Int]) {
        var start = 0
        for (place, part) in body.enumerated() {
            guard case .bytes(let bytes, let cuts) = part else { continue }
            let mine = positions.filter { $0 > start && $0 < start + bytes.count }.map { $0 - start }
            body[place] = .bytes(bytes, cuts: cuts + mine)
            start += bytes.count
        }
    }
}

/// A script: acts taken one by one, then `afterwards` for ever; without one,
/// the usual answer.
struct Script: Sendable {
    var acts: [Act]
    var afterwards: Act?

    mutating func take(early: Bool) -> Act? {
        if let first = acts.first {
            guard first.early == early else { return nil }
            acts.removeFirst()
            return first
        }
        guard let afterwards, afterwards.early == early else { return nil }
        return afterwards
    }
}

/// What a script is about.
public enum Subject: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    case key(String)
    case model(String)
    case both(key: String, model: String)
    /// The path below `/v1`, such as `/chat/completions`.
    case path(String)
    case everything

    /// `/…` is a path, `sk-…` a key, anything else a model.
    public init(stringLiteral value: String) { self.init(value) }

    public init(_ value: String) {
        if value.hasPrefix("/") {
            self = .path(value)
        } else if value.hasPrefix("sk-") {
            self = .key(value)
        } else {
            self = .model(value)
        }
    }
}
