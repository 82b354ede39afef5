import ORKit

/// What a fault leaves on the key that met it.
struct KeyMark: Sendable {
    /// What each failed attempt adds to.
    enum Count: String, Sendable {
        case nothing
        case failure
        case limited
    }

    /// What rests besides the key as a whole.
    enum Rest: Sendable {
        /// The model asked for.
        case model(seconds: Int)
        /// A class of models, such as `:free`.
        case models(String, seconds: Int)
    }

    var count: Count
    var state = KeyState.usable
    var rest: Rest?

    static let nothing = KeyMark(count: .nothing)
    static let failure = KeyMark(count: .failure)

    static func state(_ state: KeyState) -> KeyMark { KeyMark(count: .failure, state: state) }

    static func rests(_ rest: Rest, _ count: Count = .limited) -> KeyMark {
        KeyMark(count: count, rest: rest)
    }
}

extension KeyMark: CustomStringConvertible {
    /// As the page has it.
    var description: String {
        let words: [String?] = [
            state == .usable ? nil : state.rawValue,
            rest.map { rest in
                switch rest {
                case .model(let seconds): "the model rests \(seconds) s"
                case .models(let name, let seconds): "\(name) rests \(seconds) s"
                }
            },
            count == .nothing ? nil : count.rawValue,
        ]
        let said = words.compactMap { $0 }
        return said.isEmpty ? "–" : said.joined(separator: "; ")
    }
}
