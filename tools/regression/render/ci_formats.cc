// JUnit XML and GitHub's workflow commands.
#include <map>

#include "tools/regression/render/render.h"

namespace assay::regression {
namespace {

std::string XmlEscaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default:
        // XML 1.0 has no way to write the other control characters.
        escaped += static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' ? '?' : c;
    }
  }
  return escaped;
}

std::string Message(const Row& row) {
  std::string text = std::string(ToString(row.decision.verdict));
  if (const std::string change = ChangeText(row); !change.empty()) {
    text += " " + change + " (" + ValueText(row, row.base) + " to " + ValueText(row, row.head) +
            ", grade " + std::string(ToString(row.grade)) + ")";
  }
  return row.decision.reason.empty() ? text : text + ": " + row.decision.reason;
}

bool Fails(Verdict verdict) {
  return verdict == Verdict::kRegressed || verdict == Verdict::kMissing ||
         verdict == Verdict::kNotComparable;
}

// The data of a workflow command ends with the line.
std::string CommandEscaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%') {
      escaped += "%25";
    } else if (c == '\r') {
      escaped += "%0D";
    } else if (c == '\n') {
      escaped += "%0A";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string RenderJunit(const Comparison& comparison) {
  std::string cases;
  int failures = 0, skipped = 0;
  for (const Row& row : comparison.rows) {
    cases += "  <testcase classname=\"assay.compare\" name=\"" +
             XmlEscaped(row.benchmark + " [" + row.metric + "]") + "\"";
    if (Fails(row.decision.verdict)) {
      ++failures;
      cases += "><failure message=\"" + XmlEscaped(Message(row)) + "\"/></testcase>\n";
    } else if (row.decision.verdict == Verdict::kInconclusive) {
      ++skipped;
      cases += "><skipped message=\"" + XmlEscaped(Message(row)) + "\"/></testcase>\n";
    } else {
      cases += "/>\n";
    }
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"assay compare\" tests=\"" +
         std::to_string(comparison.rows.size()) + "\" failures=\"" + std::to_string(failures) +
         "\" skipped=\"" + std::to_string(skipped) + "\">\n" + cases + "</testsuite>\n";
}

std::string RenderGithub(const Comparison& comparison) {
  constexpr int kMostOfAKind = 10;  // GitHub shows no more of them in a step
  std::map<std::string, int> shown;
  std::string text;
  for (const Row& row : WorstFirst(comparison.rows)) {
    const Verdict verdict = row.decision.verdict;
    if (!Fails(verdict) && verdict != Verdict::kInconclusive) continue;
    const std::string kind = verdict == Verdict::kRegressed ? "error" : "warning";
    if (++shown[kind] > kMostOfAKind) continue;
    text += "::" + kind + " title=Benchmark::" +
            CommandEscaped(row.benchmark + " [" + row.metric + "] " + Message(row)) + "\n";
  }
  return text;
}

}  // namespace assay::regression
