// Which of the server's numbers is whose: each publisher has four.

export const VOICE = 0;
export const CAMERA = 1;
export const SCREEN = 2;

/** The first of a publisher's four streams. */
export const publisherOf = (stream: number): number => stream - (stream % 4);
export const voiceOf = (publisher: number): number => publisherOf(publisher) + VOICE;
export const cameraOf = (publisher: number): number => publisherOf(publisher) + CAMERA;
export const screenOf = (publisher: number): number => publisherOf(publisher) + SCREEN;
