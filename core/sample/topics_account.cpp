// SPDX-License-Identifier: Apache-2.0
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "password-reset",
     .title = "Password reset",
     .about = "resetting your password",
     .facts = {{.spellings = {"15 minutes", "fifteen minutes"},
                .says = {"The reset link works for 15 minutes after we send it.",
                         "You have 15 minutes to use the link before it expires.",
                         "The link in that mail stays valid for 15 minutes."},
                .misses = {"The link only works for a short while.",
                           "The link expires after some time, so be quick."}},
               {.spellings = {"spam folder"},
                .says = {"If the mail is not there, look in the spam folder first.",
                         "Most missing mails turn up in the spam folder.",
                         "Check the spam folder, where half of these mails end up."},
                .misses = {"If the mail is not there, wait a little and try again."}},
               {.spellings = {"one hour", "1 hour", "60 minutes"},
                .says = {"After five wrong passwords the sign-in is locked for one hour.",
                         "The lock after five wrong attempts ends by itself after one hour.",
                         "A locked sign-in opens again after one hour without any help from us."},
                .misses = {"After several wrong passwords the sign-in is locked for a while."}}},
     .asks =
         {{"How do I reset my password?", 0b011, Opener},
          {"I forgot my password and the mail with the link never arrives", 0b010, Opener},
          {"How long is the reset link good for?", 0b001},
          {"The link says it has expired. How much time do I have for it?", 0b001, FollowUp},
          {"Where else could that mail be?", 0b010, FollowUp},
          {"Now it says my sign-in is locked. For how long?", 0b100, FollowUp},
          {"I typed the wrong password five times, am I locked out for good?", 0b100},
          {"Is the code in the mail the same thing as the link, and how long does it work?", 0b001},
          {"Hello, I ordered the {item} last week and wanted to look at my order from my new "
           "phone. "
           "It asks for a password that I never wrote down, and the page then wants a code from a "
           "mail that I can not find anywhere. I just want to get back in. My account is the one "
           "with the delivery address {address}.",
           0b011, Opener},
          {"I tried again this morning as you said. The mail did come, but I was on the train and "
           "when I had typed in the six digit code the page told me that it was too late, and "
           "after "
           "some more attempts the whole thing was locked. Please tell me what happens now and how "
           "quick I have to be next time.",
           0b101, FollowUp},
          {"I never get that mail, not even the third one.", 0b010, FollowUp},
          {"Since the update of the app I have to sign in again every morning, and now it does not "
           "take my password any more although I type it from the same note as always. I asked for "
           "the mail twice and used the older of the two links, which may have been wrong, and "
           "there was a code in one of them as well. Please explain to me how long these things "
           "are good for and why the second mail is nowhere to be seen.",
           0b011, Opener}},
     .steps = {"Open the sign-in page and choose \"Forgot password\".",
               "Enter the address you registered with.",
               "Follow the link in the mail and choose a new password.",
               "Sign in again on your phone and your computer."},
     .details = {"A new password signs you out on every other device.",
                 "Your orders and devices are not touched by any of this.",
                 "A password needs at least ten characters.",
                 "Asking for a second link makes the first one useless.",
                 "The mail comes from our no-reply address."},
     .cautions = {"Please note that we never ask for your password by mail or on the phone.",
                  "If you share this mailbox with others, they could use the link as well."}},

    {.id = "change-email",
     .title = "New e-mail address",
     .about = "changing your e-mail address",
     .facts = {{.spellings = {"Sign-in and security"},
                .says = {"You change it under Profile, in the part called Sign-in and security.",
                         "The address lives under Sign-in and security in your profile.",
                         "Go to your profile and open Sign-in and security."},
                .misses = {"You can change it somewhere in your profile."}},
               {.spellings = {"both addresses", "both mailboxes"},
                .says = {"We send a confirmation to both addresses, the old one and the new one.",
                         "The change counts once it is confirmed from both addresses.",
                         "A mail goes to both addresses, and each has to be confirmed."},
                .misses = {"We send a confirmation mail, and then you are done."}},
               {.spellings = {"48 hours", "two days"},
                .says = {"You can take the change back for 48 hours.",
                         "For 48 hours the old address can undo it with one click.",
                         "There are 48 hours in which the change can be undone."},
                .misses = {"You can take the change back for some time."}}},
     .asks =
         {{"How can I change the email address of my account?", 0b011, Opener},
          {"Need to switch my account to a new mail address", 0b001, Opener},
          {"Where do I find the address in the settings?", 0b001},
          {"Do I need to confirm it from the old mailbox too?", 0b010},
          {"And if I made a typo, can I undo the change?", 0b100, FollowUp},
          {"How long can I still take it back?", 0b100, FollowUp},
          {"ok changed it. why did I get two mails", 0b010, FollowUp},
          {"Do I need a code from the old address to change to the new one?", 0b010},
          {"I am leaving my job at the end of the month and all my lamps and the {item} are "
           "registered with my work address. I want to move everything to my private mail before "
           "they close the mailbox. My colleague said there is a code involved. Please explain "
           "where "
           "I do this and what has to be confirmed.",
           0b011, Opener},
          {"One more thing. My legal name has changed with the wedding as well, so the new mail "
           "address has the new name in it while the invoices still show the old one. I am afraid "
           "that I enter something wrong here and then cannot get back in, so I would like to know "
           "how long I can undo the change of the address.",
           0b100, FollowUp},
          {"Which page was that on again?", 0b001, FollowUp},
          {"The address of my account belongs to a provider that closes down at the end of the "
           "year, and I will lose the mailbox with everything in it. There are two homes and the "
           "{item} in that account. A friend told me that the confirmation code only goes to the "
           "old mailbox, which would be a problem in my case. Please tell me what has to be "
           "confirmed where, and how long I could go back.",
           0b110, Opener}},
     .steps = {"Open your profile in the app or on the website.", "Enter the new address twice.",
               "Confirm the mails that we send you.", "Sign in again with the new address."},
     .details = {"Your password stays the same.",
                 "Orders on their way are not affected, their notices follow you.",
                 "The newsletter has to be moved separately.",
                 "The address of a closed mailbox can be changed by our team after a check.",
                 "An address can belong to one account only."},
     .cautions = {"Please keep access to the old mailbox until everything is confirmed.",
                  "It may take a few minutes until every device shows the new address."}},

    {.id = "two-step",
     .title = "Two-step sign-in",
     .about = "two-step sign-in",
     .facts =
         {{.spellings = {"backup codes", "backup code"},
           .says = {"Without your phone, use one of the ten backup codes you saved.",
                    "Each of your backup codes lets you in once without the phone.",
                    "This is what the backup codes are for: one of them replaces the phone."},
           .misses = {"Without your phone you will need another way to prove who you are."}},
          {.spellings = {"authenticator"},
           .says = {"You can use any authenticator app instead of text messages.",
                    "An authenticator app works too, and needs no mobile signal.",
                    "Choose the authenticator app in the settings, it also works abroad."},
           .misses = {"You can choose between several methods in the settings."}},
          {.spellings = {"three working days", "3 working days"},
           .says = {"If nothing else is left, our team removes it after an identity check, which "
                    "takes three working days.",
                    "We can switch it off after checking your identity, within three working days.",
                    "The last way is an identity check, and it takes three working days."},
           .misses = {"If nothing else is left, our team can have a look at it."}}},
     .asks =
         {{"How do I set up two-step sign-in with an app?", 0b010, Opener},
          {"lost my phone, cant sign in any more", 0b001, Opener},
          {"Is there a way in without the phone?", 0b001},
          {"Text messages don't reach me abroad. What else can I use?", 0b010},
          {"I never saved any of those. What now?", 0b100, FollowUp},
          {"How long does your identity check take?", 0b100, FollowUp},
          {"Which app should I take for it?", 0b010, FollowUp},
          {"The verification code never arrives on my phone.", 0b010, Opener},
          {"Good evening, my phone fell into the lake and with it went the app that shows the "
           "sign-in "
           "code. The new phone has the same number but the old codes are gone. My heating is "
           "controlled by the {item} and I would really like to get back into the app before the "
           "weekend. Tell me please what I can do.",
           0b101, Opener},
          {"I have found a sheet of paper with ten codes on it in the drawer where I keep the "
           "manuals. I do not know whether these are the right ones or whether they are from my "
           "bank. Before I type in something wrong I would like to hear from you what they are for "
           "and whether there is a better method for the next time.",
           0b011, FollowUp},
          {"I'm travelling and have no signal here. Is there another method?", 0b010, Opener},
          {"My father is eighty and has changed to a simple phone without apps, so that he cannot "
           "read the sign-in code any more. The heating in his flat runs through your app, and I "
           "look after it from here, 300 kilometres away. There must be a paper with codes "
           "somewhere, but he has tidied up. Please tell me how I get him back in and what it "
           "takes if the paper does not turn up.",
           0b101, Either}},
     .steps = {"Open your profile and choose two-step sign-in.",
               "Pick a method and follow the screen.", "Print the list you are shown at the end.",
               "Keep the paper away from the phone."},
     .details = {"Devices you have marked as trusted are not asked again for a month.",
                 "You can register two phones at once.",
                 "The number you see changes every thirty seconds.",
                 "Switching it off needs your password.",
                 "Your devices at home keep working while you are signed out."},
     .cautions = {"Please never read such a number to anyone on the phone, not even to us.",
                  "If the clock of your phone is wrong, the number may be refused."}},

    {.id = "merge-accounts",
     .title = "Two accounts",
     .about = "your two accounts",
     .facts =
         {{.spellings = {"cannot be merged", "can't be merged", "not possible to merge"},
           .says = {"Two accounts cannot be merged automatically.",
                    "Accounts as such cannot be merged, but their contents can move.",
                    "I have to say that accounts cannot be merged as a whole."},
           .misses = {"Two accounts are not a problem at all."}},
          {.spellings = {"order history"},
           .says = {"Our team moves the order history by hand.",
                    "The order history can be moved to the account you keep.",
                    "We transfer the order history for you."},
           .misses = {"You can simply start over with the account you prefer."}},
          {.spellings = {"remove the devices", "remove each device"},
           .says = {"Devices move when you remove the devices from one account and add them to the "
                    "other.",
                    "For the hardware, remove the devices in the old account first, then add them "
                    "again.",
                    "You have to remove the devices in the old account before the new one can "
                    "find them."},
           .misses = {"The devices will find their way to the other account."}}},
     .asks =
         {{"Can I merge two accounts?", 0b001, Opener},
          {"I have two accounts by mistake and want just one", 0b011, Opener},
          {"What happens to my old orders?", 0b010},
          {"Will the warranty papers of the old orders move too?", 0b010, FollowUp},
          {"How do I get the {item} over to the other account?", 0b100},
          {"Do I have to pair all the lamps again?", 0b100, FollowUp},
          {"so you can't put them together at all?", 0b001, FollowUp},
          {"The QR code on the {item} says it already belongs to an account. How do I move it?",
           0b100},
          {"When we moved house my partner and I both made an account, and now one of them has the "
           "thermostat and the other one has all the orders and the discount code for our next "
           "purchase. We would like to have everything in one place, preferably in mine. Please "
           "tell us what can be done about it.",
           0b111, Opener},
          {"Thanks, I understand. The old account still has some credit and there is a code on a "
           "voucher which I got for a late delivery. I would not like to lose the receipts either, "
           "as I need them for the tax office. Tell me what will move and what I need to do with "
           "the {item} in the hallway.",
           0b110, FollowUp},
          {"what about the devices, do they move by themselves", 0b100, FollowUp},
          {"My company bought forty lamps with one account and I bought the {item} with another "
           "one, because the first had the wrong postcode and could not be used to pay. Now the "
           "manager wants to see all of it in one list before the year ends, with all the orders "
           "from both. Please tell me if the two can be put together, and what we would have to do "
           "ourselves.",
           0b111, Either}},
     .steps = {"Decide which account you want to keep.",
               "Write to us from the address of the other one.", "Name one order of each account.",
               "Pair the hardware again."},
     .details = {"Credit and vouchers are moved along.", "The account that stays keeps its plan.",
                 "Automations have to be set up again.",
                 "The empty account is closed after a month.",
                 "Most requests of this kind are done within two working days."},
     .cautions = {"Please do not close either account before everything has moved.",
                  "Camera recordings stay where they were made and may be lost."}},

    {.id = "household",
     .title = "Sharing with your household",
     .about = "sharing your home with others",
     .facts = {{.spellings = {"up to five", "five people"},
                .says = {"You can invite up to five people.",
                         "A home can be shared with up to five people.",
                         "There is room for up to five people beside you."},
                .misses = {"You can invite several people."}},
               {.spellings = {"7 days", "seven days"},
                .says = {"An invitation is valid for 7 days.",
                         "Each invitation expires after 7 days.",
                         "The invited person has 7 days to accept."},
                .misses = {"An invitation has to be accepted soon."}},
               {.spellings = {"guest role", "as guests", "as a guest"},
                .says = {"Give them the guest role and they can switch things but not change them.",
                         "With the guest role nobody but you can change settings.",
                         "Choose the guest role if somebody should only use the devices."},
                .misses = {"You can decide what everybody may do."}}},
     .asks =
         {{"How many people can use my home in the app?", 0b001, Opener},
          {"Can my kids control the lights without changing the settings?", 0b100, Opener},
          {"How do I share the {item} with my flatmate", 0b101, Opener},
          {"How long does the invitation stay open?", 0b010},
          {"She did not accept in time. How long do they have?", 0b010, FollowUp},
          {"Can I stop him from deleting my scenes?", 0b100, FollowUp},
          {"And is there a limit to the number of members?", 0b001, FollowUp},
          {"My flatmate has to scan a code. How long does it work?", 0b010},
          {"We rent out our holiday flat and the guests should be able to use the lights, the "
           "heating "
           "and the door code, but of course they should not be able to change any of it. Until "
           "now "
           "we have given our own password to everybody, which does not feel right. Please explain "
           "how this is done properly and for how many people it works.",
           0b101, Opener},
          {"I have sent the invitation to my mother as described, but she is not very quick with "
           "these things and by the time she had found the mail and scanned the code it did not "
           "work any more. I will send it again. Please tell me how long she has and what she can "
           "break in the app.",
           0b110, FollowUp},
          {"Can you let someone in for just one weekend, without admin rights?", 0b100, FollowUp},
          {"There will be eight of us in the house over the holidays, and everybody wants to have "
           "the lights on the phone. I have sent six invitations so far, of which two were "
           "accepted, one came back, and the rest have not even been opened. The little ones "
           "scanned the code and could change the heating, which was not the idea. Please explain "
           "how many can join, for how long an invitation is open and how I keep the settings to "
           "myself.",
           0b111, Either}},
     .steps = {"Open the page Household in the app.", "Tap the plus and enter an address.",
               "Choose what the person may do.", "Ask them to accept the mail."},
     .details = {"Everybody needs an account of their own, a free one is enough.",
                 "You can take access away at any time.", "The app shows who switched what.",
                 "Children under sixteen need the consent of a parent.",
                 "Members see the cameras only if you allow it."},
     .cautions = {"Please do not give your own password to others.",
                  "Somebody with full rights could remove you as well."}},

    {.id = "change-plan",
     .title = "Changing your plan",
     .about = "changing your plan",
     .facts =
         {{.spellings = {"at once", "immediately", "right away"},
           .says = {"An upgrade takes effect at once.", "The bigger plan is active at once.",
                    "After an upgrade everything is unlocked at once."},
           .misses = {"An upgrade takes effect some time after you order it."}},
          {.spellings = {"end of the billing period", "billing period ends"},
           .says = {"A downgrade happens at the end of the billing period.",
                    "When you go down, you keep the old plan until the end of the billing period.",
                    "The smaller plan begins at the end of the billing period."},
           .misses = {"A downgrade happens a bit later."}},
          {.spellings = {"30 days of recordings", "last 30 days"},
           .says =
               {"On the free plan, camera recordings older than a day are gone, while pro keeps "
                "the last 30 days.",
                "Pro keeps the last 30 days of camera clips.",
                "With pro you see the last 30 days of clips, with free only today."},
           .misses = {"Pro keeps your clips for longer."}}},
     .asks =
         {{"How do I upgrade to pro?", 0b001, Opener},
          {"What do I get with pro for my cameras?", 0b100, Opener},
          {"If I go back to free, when does it happen?", 0b010},
          {"Is the upgrade active straight after paying?", 0b001},
          {"What happens to my clips if I downgrade?", 0b100},
          {"And when would the smaller plan start?", 0b010, FollowUp},
          {"I'd like to go down to the free plan again", 0b010, Opener},
          {"I have a promo code for pro. Is it active straight away?", 0b001, Opener},
          {"We use the free plan with two cameras and the {item}. Since the break-in next door we "
           "would "
           "like to keep recordings for longer, and there was a code for three months of pro in "
           "the "
           "box. Before I enter it I would like to know from when it counts, and how long the "
           "recordings are kept then.",
           0b101, Opener},
          {"One last thing about this. The three months from the code will be over just before our "
           "holiday. If I cancel now so that I do not forget it, I am afraid that the cameras lose "
           "their recordings the very same day. Please tell me exactly when the smaller plan "
           "begins "
           "and what is kept.",
           0b110, FollowUp},
          {"How far back can I watch with the bigger plan?", 0b100, FollowUp},
          {"I run a small bakery and use the enterprise trial that your colleague set up for us "
           "with a special code. To be honest it is far too big for us, and I would like to have "
           "pro instead, but not lose what the cameras have recorded around the door, as the "
           "insurance has asked for it. Please tell me when the change would happen and how far "
           "back I could still look.",
           0b110, Opener}},
     .steps = {"Open the page Plan in your profile.", "Choose the plan you want.",
               "Confirm the payment method.", "Check the new date on the same page."},
     .details = {"The price is adjusted for the days that are left.",
                 "You can change as often as you like.",
                 "The enterprise plan is set up together with our sales team.",
                 "Automations are kept when you go down, but only five can be active.",
                 "You will get a mail about every change."},
     .cautions = {"Please save clips that matter before you go down.",
                  "Prices may differ in the app stores."}},
};

constexpr std::string_view kAsides[] = {
    "The same page exists in the app and on the website.",
    "You can see every sign-in of the last weeks in your profile.",
    "Changes to an account are always confirmed by mail.",
    "If the page looks different, update the app first.",
    "It helps to have the address you registered with at hand.",
};

} // namespace

const SegmentTopics kAccountTopics = {"Account", 0.22, kTopics, kAsides};

} // namespace signalbox::sample
