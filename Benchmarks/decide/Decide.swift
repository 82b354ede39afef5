// decide: what the engine's decisions cost with 100,000 keys, inside the lock.
// Here: the cases of ruling 16, the figures, their limits, a baseline.
// Not here: what a request costs as a whole, which is in Benchmarks/gateway. Imports Foundation, ORKit.

import Foundation
import ORKit

/// `decide [--save FILE | --against FILE]`: prints median and 99th percentile
/// of selection (`begin`) and of all decisions of one request, and exits 1
/// when a median is above its limit or worse than the baseline.
@main
struct Decide {
    /// Nanoseconds, for the medians.
    private static let limits = (selection: 2000, all: 5000)
    /// Worse than a baseline by more than this part of it, and by more than
    /// what the clock itself costs.
    private static let tolerance = 0.25
    private static let noise = 100

    static func main() throws {
        let words = CommandLine.arguments
        var figures: [(name: String, value: Int)] = []
        var isOver = false
        print("| case | selection median | p99 | decide median | p99 | refused |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for course in Course.all {
            let times = course.run()
            print(
                "| \(course.name) | \(times.selection.median) ns | \(times.selection.high) ns"
                    + " | \(times.all.median) ns | \(times.all.high) ns | \(times.refused) |")
            figures.append(("\(course.name), selection", times.selection.median))
            figures.append(("\(course.name), decide", times.all.median))
            isOver = isOver || times.selection.median > limits.selection || times.all.median > limits.all
        }
        if isOver { print("above the limit of \(limits.selection) or \(limits.all) ns") }
        if words.count == 3, words[1] == "--save" {
            let lines = figures.map { "\($0.value)\t\($0.name)\n" }.joined()
            try lines.write(toFile: words[2], atomically: true, encoding: .utf8)
        } else if words.count == 3, words[1] == "--against" {
            isOver = try isWorse(figures, than: words[2]) || isOver
        }
        if isOver { exit(1) }
    }

    private static func isWorse(_ figures: [(name: String, value: Int)], than path: String) throws -> Bool {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var kept: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2, let value = Int(parts[0]) { kept[String(parts[1])] = value }
        }
        let worse = figures.filter { figure in
            kept[figure.name].map {
                Double(figure.value) > Double($0) * (1 + tolerance) && figure.value > $0 + noise
            } ?? false
        }
        for figure in worse { print("worse: \(figure.name), \(kept[figure.name] ?? 0) → \(figure.value) ns") }
        return !worse.isEmpty
    }
}
