"""More stories in English for the outline; the Chinese rows' neighbour explains them."""

from __future__ import annotations

TALE = """
[setup]
{When}, {at}, {A} {does}. | {the} {does} {at} | WS
{When}, {A} {does}. | {the}, a day like any other | WS
{When}, {A} [is|are] {at}. | {the} {at} | EWS
This is a story about {A}. | {the}, looking up | MS
Neither {the} nor {co} expects a day like this. | {the} and {co} {at} | WS
Everything {at} is as it always is. | {the} walking {at} | EWS
[desire]
It is a small thing. Nobody could know how long it would be remembered. | {the} with a serious look | MCU
It is a little frightening, and a little wonderful. | {the} taking a deep breath | CU surprised
{Co} asks no questions, and stays close. | {co} looking at {the} | MCU tender
[obstacle]
But things are never quite that simple. | {the} stopping with a frown | MS sad
For a moment, everything goes quiet. | {the} standing still {at} | WS
And for a while, nobody knows what to do. | {the} lost in thought | CU tired
{Co} waits. There is time. | {co} and {the} | MCU tender
[turn]
Then something changes. | {the} suddenly looking up | CU surprised
One more step, {the} [decides|decide]. Just one more. | {the} taking one step forward | FS
[climax]
This is the moment everything was waiting for. | {the} standing in the light | MS happy
And all at once, {the} and {co} are laughing. | {the} and {co} laughing | MS happy
The answer was {at3} all along. | {the} {at3}, looking up and smiling | MCU happy
[resolution]
Long afterwards, {they} still [thinks|think] of that day. | {the} looking into the distance {at3} | WS tender
Long afterwards, {the} and {co} still talk about that day. | {the} and {co} {at3} | WS tender
The days go on. But from that one on, something is different. | {the} walking away | EWS
"""
MAKING = """
[setup]
{When}, {A} and {co} sit down at the same table. | {the} and {co} beside a table | WS
{When}, something smells wonderful {at}. | {the} busy {at} | EWS ?bake|cook|bread|cake|pie|soup|dumpling|noodle|mooncake|cookie|pizza
{When}, {A} [comes|come] {at} early. | {the} {at} | WS
The plan for today: to {goal}. | {the} standing at a table, sleeves rolled up | MS
[desire]
No hurry. Every step has to be right. | {the} with a serious look | MCU
{Co} watches, and forgets to blink. | {co} looking at {the} with bright eyes | CU happy
Take your time, says {the}, with a smile. | {the} talking with a smile | MCU happy
[obstacle]
The first one comes out crooked. It is hard not to laugh. | {the} looking down and laughing | CU happy
The first one comes out crooked, and {the} and {co} laugh out loud. | {the} and {co} laughing | MS happy
There is flour on every hand, and on one nose. | {the} with flour on the face | CU happy ?bake|bread|cake|pie|dumpling|noodle|mooncake|cookie|pizza
{Co} wants it to go faster. It doesn't. | {co} with a frown | CU tired
Time goes slowly, and nobody minds. | {the} looking down at the work | MS
[turn]
The second is better. The third is better still. | {the} working with sure hands | MCU
{The} takes {co} by the hand, and shows how it is done. | {the} teaching {co} | MS tender
[climax]
And then, at last: {made}. | fresh {made}, close | CU
And then it is done. | {the} and {co} looking at the table, smiling | MS happy
And then it is done. | {the} looking at the table, smiling | MS happy
The first bite is for {co}. | {the} and {co} smiling | MCU tender ?bake|cook|bread|cake|pie|soup|dumpling|noodle|mooncake|cookie|pizza
[resolution]
Some tastes stay with you for life. | {the} {at} in warm light | WS tender ?bake|cook|bread|cake|pie|soup|dumpling|noodle|mooncake|cookie|pizza
That is how it is handed on, from one pair of hands to the next. | {the} and {co} sitting together | WS happy
Outside it grows dark. The light {at} stays on. | {the} resting {at}, a warm lamp | EWS
"""
DREAD = """
[setup]
{When}, {A} {does}. | {the} coming closer {at} | EWS
{When}, {A} [comes|come] to {there}. | {the} coming closer {at} | EWS
There is not a sound {at}. | {the} {at}, looking around | WS afraid
The door isn't locked. One push, and it swings open. | {the} pushing a door open | MS afraid
[desire]
Be quick. Get it done, and get out. | {the} with clenched hands | MCU afraid
The only thought now is to get away from here. | {the} looking back | CU afraid
[obstacle]
Footsteps, close behind. {The} [stops|stop]. The footsteps stop too. | {the} standing still, afraid to turn around | MCU afraid
Far off, a light comes on by itself. | {the} watching a small light far away | WS afraid
{The} [calls|call] out. Only an echo answers. | {the} calling out, nobody around | FS afraid
The light goes out, and comes back on. | {the} {at2}, the lights flickering | WS afraid
[turn]
And then, there it is: the one thing that should not be here. | {the}, eyes wide | ECU surprised
The phone rings. Nobody speaks. | {the} holding a phone, pale | CU afraid ?taxi|driver|student|babysitter|hospital|office|nurse|subway
[climax]
Behind {them}, the door falls shut. | {the} turning around, a closed door | MS afraid
{The} [runs|run], and [does|do] not look back. | {the} running {at3} | FS afraid
A voice, close to the ear, says: there you are. | the frightened face of {the} | ECU afraid
[resolution]
In the morning, nobody believes a word of it. | {the} sitting alone, pale | MS tired
{The} never [goes|go] back to {there}. | {the} walking away | EWS
But every night, at the same hour, the footsteps come again. | {the} listening in the dark | CU afraid
"""
