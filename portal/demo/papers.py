"""Write the papers that invented people upload: tiny one-page PDF files that say so."""

from hashlib import sha256
from pathlib import Path
from typing import Any

TEXT = "Invented paper of the demo, case {case_id}. No real person."


def write_paper(uploads: Path, case_id: int) -> dict[str, Any]:
    """Write a paper into the upload folder; give the facts `supplements.add` wants."""
    data = pdf(TEXT.format(case_id=case_id))
    digest = sha256(data).hexdigest()
    stored = f"{digest[:40]}.pdf"
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / stored).write_bytes(data)
    return {
        "stored": stored,
        "kind": "pdf",
        "size": len(data),
        "sha256": digest,
        "given_name": "服務證明.pdf",
    }


def pdf(text: str) -> bytes:
    """Give a valid one-page PDF with one line of Latin text."""
    content = f"BT /F1 18 Tf 60 760 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + table + tail % (len(objects) + 1, start)
