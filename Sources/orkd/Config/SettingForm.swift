import ORKit

/// How one kind of value is written, read and shown.
struct SettingForm<Value: Sendable>: Sendable {
    /// For the manual: `duration, 1ms to 1d`.
    let type: String
    let read: @Sendable (RawValue) -> Result<Value, FormProblem>
    /// The text that reads back as the same value.
    let show: @Sendable (Value) -> String
}

/// Why a value cannot be taken: what was expected and what was found.
struct FormProblem: Error, Sendable, Hashable, ExpressibleByStringInterpolation {
    let message: String
    init(_ message: String) { self.message = message }
    init(stringLiteral value: String) { message = value }
}

extension SettingForm where Value == Int64 {
    /// A time as people write it, `1m30s`; never a bare number, whose unit
    /// nobody would know.
    static func duration(_ range: ClosedRange<Int64>) -> Self {
        let type = "duration, \(range.lowerBound.durationText) to \(range.upperBound.durationText)"
        return SettingForm(type: type) { raw in
            switch raw {
            case .text(let text), .untyped(let text):
                if let value = Int64(duration: text) {
                    return range.contains(value)
                        ? .success(value) : .failure("\(quoted(text)) is not within: \(type)")
                }
                if Int64(text) != nil {
                    return .failure("\(quoted(text)) has no unit: write “\(text)s” for seconds")
                }
                return .failure("\(quoted(text)) is not a duration: write “10s”, “5m”, “1h30m”")
            case .integer(let value): return .failure("\(value) has no unit: write “\(value)s” for seconds")
            default: return .failure("expected a duration such as “10s”, found \(raw.typeName)")
            }
        } show: {
            $0.durationText
        }
    }

    /// A number of bytes: an integer, or text such as `50MiB`. With
    /// `automatic`, the word `auto` stands for 0.
    static func bytes(_ range: ClosedRange<Int64>, automatic: Bool = false) -> Self {
        let type =
            "size, \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound))"
            + (automatic ? ", or “auto”" : "")
        return SettingForm(type: type) { raw in
            let value: Int64?
            switch raw {
            case .text("auto") where automatic, .untyped("auto") where automatic: return .success(0)
            case .text(let text), .untyped(let text):
                value = ByteSize.parse(text)
                if value == nil {
                    return .failure("\(quoted(text)) is not a size: write “50MiB”, “16KiB”, “1GiB”")
                }
            case .integer(let number): value = number
            default: return .failure("expected a size such as “50MiB”, found \(raw.typeName)")
            }
            guard let value, range.contains(value) else { return .failure("not within: \(type)") }
            return .success(value)
        } show: {
            automatic && $0 == 0 ? "auto" : ByteSize.text($0)
        }
    }
}

extension SettingForm where Value == Int {
    /// A whole number. With `automatic`, the word `auto` stands for 0.
    static func count(_ range: ClosedRange<Int>, automatic: Bool = false) -> Self {
        let type = "integer, \(range.lowerBound) to \(range.upperBound)" + (automatic ? ", or “auto”" : "")
        return SettingForm(type: type) { raw in
            let value: Int?
            switch raw {
            case .text("auto") where automatic, .untyped("auto") where automatic: return .success(0)
            case .integer(let number): value = Int(exactly: number)
            case .untyped(let text):
                value = Int(text)
                if value == nil { return .failure("\(quoted(text)) is not a whole number") }
            default: return .failure("expected a whole number, found \(raw.typeName)")
            }
            guard let value, range.contains(value) else { return .failure("not within: \(type)") }
            return .success(value)
        } show: {
            automatic && $0 == 0 ? "auto" : String($0)
        }
    }
}

extension SettingForm where Value == Money {
    /// An amount of money, as text so that no digit of it is rounded, or a
    /// whole number.
    static func dollars(upTo most: Int64) -> Self {
        let type = "USD, 0 to \(most)"
        return SettingForm(type: type) { raw in
            let value: Money?
            switch raw {
            case .text(let text), .untyped(let text): value = Money(decimal: text.utf8)
            case .integer(let number):
                value = Money(decimal: String(number).utf8)
            default: return .failure("expected an amount such as “20.00”, found \(raw.typeName)")
            }
            guard let value, value >= .zero, value.pico / Money.picoPerDollar < most else {
                return .failure("not within: \(type)")
            }
            return .success(value)
        } show: {
            $0.decimal
        }
    }
}

extension SettingForm where Value == Bool {
    static var boolean: Self {
        SettingForm(type: "boolean") { raw in
            switch raw {
            case .boolean(let value): .success(value)
            case .untyped(let text):
                switch text.lowercased() {
                case "true", "1", "yes", "on": .success(true)
                case "false", "0", "no", "off": .success(false)
                default: .failure("\(quoted(text)) is neither true nor false")
                }
            default: .failure("expected true or false, found \(raw.typeName)")
            }
        } show: {
            String($0)
        }
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words, whatever their case. `synonyms` are other words
    /// for them.
    static func word(synonyms: [String: Value] = [:]) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return SettingForm(type: "one of " + words.map { "“\($0)”" }.joined(separator: ", ")) { raw in
            switch raw {
            case .text(let text), .untyped(let text):
                let word = text.lowercased()
                if let value = Value(rawValue: word) ?? synonyms[word] { return .success(value) }
                let nearest = NearestName.of(word, among: words).map { "; did you mean “\($0)”?" } ?? ""
                return .failure("\(quoted(text)) is not one of \(words.joined(separator: ", "))\(nearest)")
            default:
                return .failure("expected one of \(words.joined(separator: ", ")), found \(raw.typeName)")
            }
        } show: {
            $0.rawValue
        }
    }
}
