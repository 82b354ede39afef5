import Foundation
import ORKTestSupport
import Testing

/// What the build depends on, held against known holes: the versions that
/// SwiftPM resolved, transitive ones too, and `Tests/audit/advisories.tsv`.
enum Advisories {
    struct Advisory {
        var package: String
        var id: String
        var first: [Int]
        var fixed: [Int]
    }

    static func parse(_ text: String) throws -> [Advisory] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cells = line.split(separator: "\t").map(String.init)
            guard cells.count == 4, let first = version(cells[2]), let fixed = version(cells[3]) else {
                throw CocoaError(.formatting)
            }
            return Advisory(package: cells[0], id: cells[1], first: first, fixed: fixed)
        }
    }

    /// Name and version of each package.
    static func pins(_ resolved: Data) throws -> [String: String] {
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { var version: String? }
                var identity: String
                var state: State
            }
            var pins: [Pin]
        }
        let pins = try JSONDecoder().decode(Resolved.self, from: resolved).pins
        return Dictionary(uniqueKeysWithValues: pins.map { ($0.identity, $0.state.version ?? "none") })
    }

    static func violations(pins: [String: String], _ advisories: [Advisory]) -> [String] {
        var found = pins.isEmpty ? ["nothing was resolved"] : []
        for (package, text) in pins.sorted(by: { $0.key < $1.key }) {
            guard let version = version(text) else {
                found.append("\(package): \(text) is no release")
                continue
            }
            found += advisories.filter { advisory in
                advisory.package == package && !version.lexicographicallyPrecedes(advisory.first)
                    && version.lexicographicallyPrecedes(advisory.fixed)
            }.map { "\(package) \(text): \($0.id)" }
        }
        return found
    }

    private static func version(_ text: String) -> [Int]? {
        let numbers = text.split(separator: ".").map { Int($0) }
        return numbers.contains(nil) || numbers.isEmpty ? nil : numbers.compactMap(\.self)
    }
}

@Suite("Known holes in dependencies")
struct AdvisoryTests {
    @Test(
        "no package of the build is in the range of a known advisory, and all are releases", .proves("SE-11"))
    func project() throws {
        let resolved = URL(fileURLWithPath: BuiltPrograms.packageRoot + "/Package.resolved")
        let pins = try Advisories.pins(Data(contentsOf: resolved))
        #expect(pins["swift-nio"] != nil && pins["swift-nio-http2"] != nil)
        let advisories = try Advisories.parse(SourceTree.text("Tests/audit/advisories.tsv"))
        #expect(Advisories.violations(pins: pins, advisories) == [])
    }

    @Test("every dependency is named with one exact version")
    func exact() throws {
        let manifest = try SourceTree.text("Package.swift")
        let dependencies = manifest.split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(dependencies.count > 5)
        #expect(dependencies.filter { !$0.contains("exact: ") } == [])
    }

    @Test("a planted old version, a branch and an empty list are found; what is fixed is not")
    func planted() throws {
        let advisories = try Advisories.parse("# p\na\tCVE-1\t2.18.0\t2.37.2\na\tCVE-2\t0\t2.4.1\n")
        func found(_ version: String) -> [String] { Advisories.violations(pins: ["a": version], advisories) }
        #expect(found("2.37.1") == ["a 2.37.1: CVE-1"] && found("2.18.0") == ["a 2.18.0: CVE-1"])
        #expect(found("2.4.0") == ["a 2.4.0: CVE-2"])
        #expect(
            found("2.37.2") == [] && found("2.37.10") == [] && found("2.5.0") == [] && found("3.0.0") == [])
        #expect(found("main") == ["a: main is no release"])
        #expect(Advisories.violations(pins: [:], advisories) == ["nothing was resolved"])
        #expect(throws: (any Error).self) { try Advisories.parse("a CVE-1 0 1.0.0") }
    }
}
