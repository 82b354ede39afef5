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
    /// Of all cases, one after the other. The best median of each counts:
    /// what else the machine does makes it worse, never better.
    private static let rounds = 5

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
        let rounds = (0..<rounds).map { _ in Course.all.map { $0.run() } }
        var rows: [(name: String, time: Int, limit: Int)] = []
        print("| case | selection median | p99 | decide median | p99 | refused |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for (place, course) in Course.all.enumerated() {
            let runs = rounds.map { $0[place] }
            let (selection, all) = (runs.map(\.selection).best, runs.map(\.all).best)
            print(
                "| \(course.name) | \(selection.median) ns | \(selection.high) ns | \(all.median) ns"
                    + " | \(all.high) ns | \(runs.map(\.refused).max() ?? 0) |")
            rows.append(("\(course.name), selection", selection.median, limits.selection))
            rows.append(("\(course.name), decide", all.median, limits.all))
        }
        let yardstick = max(1, rounds.joined().map(\.yardstick).best.median)
        print("yardstick: \(yardstick) ns")
        let figures = rows.map { Baseline.Figure(name: $0.name, ratio: Double($0.time) / Double(yardstick)) }
        return (figures, rows.contains { $0.time > $0.limit })
    }
}

extension [Course.Sample] {
    /// The one with the lowest median; nothing of none.
    fileprivate var best: Course.Sample { self.min { $0.median < $1.median } ?? Course.Sample([]) }
}
