// decide: what the engine's decisions cost with 100,000 keys, inside the lock.
// Here: the cases of ruling 16, the figures, their limits, the baseline that is kept and what it is measured by.
// Not here: what a request costs as a whole, which is in Benchmarks/gateway. Imports Foundation, ORKit.

import Foundation
import ORKit

/// `decide [--against FILE] [--save FILE]`: prints what selection (`begin`)
/// and all decisions of one request cost, and exits 1 when a median is above
/// its limit or worse than the baseline, 2 when that cannot be read.
@main
struct Decide {
    /// Nanoseconds, for the medians.
    private static let limits = (selection: 2000, all: 5000)
    /// Of each case; the medians of their figures count.
    private static let rounds = 3

    static func main() {
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            let baseline = try options.against.map(Baseline.init(path:))
            let (figures, isOver) = measure()
            try options.save.map(Baseline(figures).write(to:))
            let worse = baseline?.worse(figures) ?? []
            if isOver { print("above the limit of \(limits.selection) or \(limits.all) ns") }
            for line in worse { print("worse: \(line)") }
            if isOver || !worse.isEmpty { exit(1) }
        } catch {
            FileHandle.standardError.write(Data("decide: \(error)\n".utf8))
            exit(2)
        }
    }

    private static func measure() -> (figures: [Baseline.Figure], isOver: Bool) {
        var figures: [Baseline.Figure] = []
        var isOver = false
        print("| case | selection median | p99 | ÷ yardstick | decide median | p99 | ÷ yardstick | refused |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for course in Course.all {
            let runs = (0..<rounds).map { _ in course.run() }
            let (selection, all) = (Row(runs, \.selection), Row(runs, \.all))
            print(
                "| \(course.name) | \(selection.text) | \(all.text) | \(runs.map(\.refused).max() ?? 0) |")
            figures.append(Baseline.Figure(name: "\(course.name), selection", ratio: selection.ratio))
            figures.append(Baseline.Figure(name: "\(course.name), decide", ratio: all.ratio))
            isOver = isOver || selection.median > limits.selection || all.median > limits.all
        }
        return (figures, isOver)
    }

    /// One figure over the rounds.
    private struct Row {
        let median: Int
        let high: Int
        let ratio: Double

        init(_ runs: [Course.Times], _ part: KeyPath<Course.Times, Course.Sample>) {
            func middle<Value: Comparable>(_ values: [Value]) -> Value { values.sorted()[values.count / 2] }
            median = middle(runs.map { $0[keyPath: part].median })
            high = middle(runs.map { $0[keyPath: part].high })
            ratio = middle(runs.map { Double($0[keyPath: part].median) / Double($0.yardstick.median) })
        }

        var text: String { "\(median) ns | \(high) ns | \(Baseline.shown(ratio))" }
    }
}
