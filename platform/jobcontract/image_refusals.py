"""Why a picture is refused: the stable codes, their HTTP status and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """What one code means to a program (`status`) and to a person (the rest)."""

    status: int
    title: str
    advice: str


REFUSALS: dict[str, Refusal] = {
    "empty_file": Refusal(422, "The file is empty", "Choose the file again and send it once more."),
    "unsupported_type": Refusal(
        415, "This type of file is not accepted", "Send JPEG, PNG or TIFF."
    ),
    "type_mismatch": Refusal(
        415,
        "The file's name does not fit its content",
        "Rename the file to its real type, or save the picture again.",
    ),
    "file_too_large": Refusal(
        413, "The file is too large", "Save the picture smaller than 64 MiB and send it again."
    ),
    "corrupt_image": Refusal(
        422,
        "The picture is damaged or incomplete",
        "Export the picture again from the microscope or camera and send the new file.",
    ),
    "image_too_large": Refusal(
        422,
        "The picture has too many pixels",
        "Send a field of at most 40 megapixels and 16,384 pixels a side.",
    ),
    "image_too_small": Refusal(
        422, "The picture is too small", "Send a picture of at least 32 pixels a side."
    ),
    "unsupported_pixel_format": Refusal(
        422,
        "This kind of pixel is not accepted",
        "Save the picture with 8 bits per channel as RGB or grey and send it again.",
    ),
    "multiple_frames": Refusal(
        422, "The file holds more than one picture", "Save each picture as a file of its own."
    ),
    "image_decoder_crashed": Refusal(
        422,
        "The picture could not be read safely",
        "Open it in another program, save it again as PNG and send the new file.",
    ),
    "image_decoder_timeout": Refusal(
        422,
        "Reading the picture took too long",
        "Send it once more; if it fails again, save it as PNG and send the new file.",
    ),
}


class ImageRefused(Exception):
    """The picture cannot be accepted.

    `code` is one of `REFUSALS`; `detail` says what was found, in words that hold
    neither the file's name nor any of its text.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail or REFUSALS[code].title + "."
        super().__init__(code, self.detail)

    @property
    def status(self) -> int:
        return REFUSALS[self.code].status

    @property
    def title(self) -> str:
        return REFUSALS[self.code].title

    @property
    def advice(self) -> str:
        return REFUSALS[self.code].advice

    @property
    def sentence(self) -> str:
        """What was found and what to do next, to show to the person who sent the file."""
        return f"{self.detail} {self.advice}"

    def __str__(self) -> str:
        return self.sentence
