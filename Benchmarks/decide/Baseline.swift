import Foundation

/// Figures of an earlier run, as parts of the yardstick's: a line for each,
/// the ratio, a tab, the name.
struct Baseline {
    struct Figure {
        let name: String
        let ratio: Double
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Worse than the baseline by more than this part of it, and by more than
    /// what reading the clock amounts to. The same program on a shared machine
    /// was seen to differ by 0.7 from run to run.
    private static let tolerance = 1.0
    private static let noise = 0.05

    private let figures: [Figure]

    init(_ figures: [Figure]) { self.figures = figures }

    init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Unreadable(description: "\(path) cannot be read; --save FILE writes one")
        }
        figures = try text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, let ratio = Double(parts[0]) else {
                throw Unreadable(description: "\(path): no figure in “\(line)”")
            }
            return Figure(name: String(parts[1]), ratio: ratio)
        }
    }

    func write(to path: String) throws {
        let lines = figures.map { "\(Self.shown($0.ratio))\t\($0.name)\n" }.joined()
        try lines.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// What is worse, or in only one of the two, in words.
    func worse(_ now: [Figure]) -> [String] {
        let kept = Dictionary(figures.map { ($0.name, $0.ratio) }) { first, _ in first }
        let known = Set(now.map(\.name))
        return now.compactMap { figure in
            guard let before = kept[figure.name] else { return "\(figure.name) is not in the baseline" }
            guard figure.ratio > before * (1 + Self.tolerance), figure.ratio > before + Self.noise else {
                return nil
            }
            return "\(figure.name), \(Self.shown(before)) → \(Self.shown(figure.ratio))"
        } + figures.filter { !known.contains($0.name) }.map { "\($0.name) was not measured" }
    }

    static func shown(_ ratio: Double) -> String { String(format: "%.2f", ratio) }
}
