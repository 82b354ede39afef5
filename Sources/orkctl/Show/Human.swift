internal import ORKit

/// Numbers and times as people read them. Programs get the exact values.
struct Human {
    let now: WallTime

    /// Beyond this, a date says more than a distance.
    private static let farMilliseconds: Int64 = 30 * 86_400_000

    /// `3 m ago`; a date when it is long ago; the text itself when it is no
    /// time.
    func ago(_ rfc3339: String?) -> String? {
        guard let rfc3339, let time = WallTime(rfc3339: rfc3339) else { return rfc3339 }
        let distance = now.milliseconds(since: time)
        if distance > Self.farMilliseconds { return String(rfc3339.prefix(10)) }
        if distance < 1000 { return "now" }
        return Self.span(distance) + " ago"
    }

    /// `41 s`, the time left; a date when it is far away, nil when it is over.
    func left(_ rfc3339: String?) -> String? {
        guard let rfc3339, let time = WallTime(rfc3339: rfc3339) else { return rfc3339 }
        let distance = time.milliseconds(since: now)
        if distance > Self.farMilliseconds { return String(rfc3339.prefix(10)) }
        return distance <= 0 ? nil : Self.span(max(distance, 1000))
    }

    /// In its largest unit: `41 s`, `3 m`, `2 h`, `9 d`.
    static func span(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<1: return "\(max(0, milliseconds)) ms"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) m"
        case ..<86_400: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// `38 ms`, `0.4 ms`, `1.2 s`.
    static func milliseconds(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        if value < 9.95 { return decimal(value) + " ms" }
        if value < 9_950 { return "\(whole(value)) ms" }
        return decimal(value / 1000) + " s"
    }

    /// With a space between groups of three: `1 204`.
    static func count(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += " " }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    static func count(_ value: Int) -> String { count(Int64(value)) }

    /// Decimal units: `96 kB`, `4.1 MB`.
    static func bytes(_ value: Int64) -> String {
        var amount = Double(value)
        var unit = "B"
        for next in ["kB", "MB", "GB", "TB"] where amount >= 999.5 {
            amount /= 1000
            unit = next
        }
        let text = unit == "B" || amount >= 9.95 ? String(whole(amount)) : decimal(amount)
        return "\(text) \(unit)"
    }

    /// US dollars with two digits, more only when there would be nothing left.
    static func dollars(_ amount: Money) -> String {
        let exact = amount.decimal
        guard let point = exact.firstIndex(of: ".") else { return "$" + exact }
        let cents = exact[..<point] + exact[point...].prefix(3)
        let isVisible = cents.contains { ("1"..."9").contains($0) }
        return "$" + (isVisible || amount == .zero ? String(cents) : exact)
    }

    /// One digit after the point.
    static func decimal(_ value: Double) -> String {
        let tenths = whole(value * 10)
        return "\(tenths / 10).\(abs(tenths) % 10)"
    }

    private static func whole(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
