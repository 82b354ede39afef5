/// Puts back into order what several threads bring: everything has a number,
/// from 1 without gaps, and waits for those before it.
struct InOrder<Element: Sendable>: Sendable {
    private var next: Int64 = 1
    private var early: [Int64: Element] = [:]

    init() {}

    /// Hands on what comes, and whatever waited for it.
    mutating func add(_ element: Element, number: Int64, handOn: (Element) -> Void) {
        guard number == next else {
            early[number] = element
            return
        }
        handOn(element)
        next += 1
        while !early.isEmpty, let waiting = early.removeValue(forKey: next) {
            handOn(waiting)
            next += 1
        }
    }
}
