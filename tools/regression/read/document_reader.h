// Reads one document of a text: the report whose opening brace is next.
#ifndef ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_READER_H_
#define ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_READER_H_

#include "tools/regression/read/document.h"
#include "tools/regression/read/notes.h"
#include "tools/regression/read/scanner.h"

namespace assay::regression {

// Fills context, entries and `truncated` of `document` and adds to `notes`. A report
// that ends early or is damaged further on counts as read when its context or an
// entry is complete. false with the scanner's fault for anything else.
bool ReadDocument(Scanner& scanner, Notes& notes, Document& document);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_READER_H_
