import Testing

@testable import ORKit

@Suite("Objectives as they are written")
struct ObjectiveTests {
    @Test(
        "what is read is written in one way, and read again as the same",
        arguments: [
            ("latency", "latency"), (" Latency ", "latency"), ("quality=1", "quality"),
            ("quality=1.000", "quality"), ("latency=0.70, fairness = 0.3", "fairness=0.3,latency=0.7"),
            ("availability=0.001\t,reliability=0.25", "availability=0.001,reliability=0.25"),
            ("latency=0,fairness", "fairness"),
            (
                "cost=0.6,quality=0.5,latency=0.4,fairness=0.3,reliability=0.2,availability=0.1",
                "availability=0.1,reliability=0.2,fairness=0.3,latency=0.4,quality=0.5,cost=0.6"
            ),
        ])
    func read(text: String, again: String) throws {
        let objective = try #require(Objective(text))
        #expect(objective.text == again)
        #expect(Objective(again) == objective)
    }

    @Test("each aim has its own weight, in thousandths")
    func weights() throws {
        let objective = try #require(Objective("latency=0.125,quality"))
        #expect(Objective.Aim.allCases.map { objective[$0] } == [0, 0, 0, 125, 1000, 0])
        for aim in Objective.Aim.allCases {
            #expect(Objective(aim) == Objective(aim.rawValue))
            #expect(Objective.Aim.allCases.map { Objective(aim)[$0] }.reduce(0, +) == 1000)
        }
        #expect(Objective(thousandths: [.latency: -5, .quality: 2000]) == Objective(.quality))
        #expect(Objective(thousandths: [.latency: -5]) == nil)
    }

    @Test(
        "what means nothing is none",
        arguments: [
            "", " ", ",", "price", "latenc", "latency,", ",latency", "latency=", "latency=x", "latency==1",
            "latency=1.001", "latency=2", "latency=-0.5", "latency=.5", "latency=0.", "latency=0.1234",
            "latency=0.5.1", "latency=+1", "latency=1e0", "latency=00.5", "latency latency",
            "latency;fairness", "latency,latency", "latency=0.5,latency=0.5", "latency=0",
            "latency=0,fairness=0.0", "latency\0", "lat\u{e9}ncy", String(repeating: "latency,", count: 99),
        ])
    func unreadable(text: String) {
        #expect(Objective(text) == nil)
    }
}
